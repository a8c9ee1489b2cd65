package dropsite.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One option or operand of a command, and, once read, what the user gave for it. */
public final class Argument {
  /** What stands behind an option, or for an operand. */
  public enum Takes {
    /** Nothing: it is there or not. */
    NOTHING,
    TEXT,
    /** The name of a file, checked to be one while the command line is read. */
    PATH,
    /** Nothing, or a text behind an equals sign; never the next word. */
    ATTACHED_TEXT
  }

  private final List<String> names;
  private final Takes takes;
  private final String label;
  private final String description;
  private @Nullable Object value;

  /**
   * @param names with their dashes, in the order of the help text; empty for an operand
   * @param label what the help text calls a value
   */
  public Argument(List<String> names, Takes takes, String label, String description) {
    this.names = names;
    this.takes = takes;
    this.label = label;
    this.description = description;
  }

  public List<String> names() {
    return names;
  }

  public Takes takes() {
    return takes;
  }

  public String label() {
    return label;
  }

  public String description() {
    return description;
  }

  /**
   * Keeps what was given: a Boolean, a String, a Path, or a list of Strings, as the argument takes.
   *
   * @param given null when nothing was
   */
  public void set(@Nullable Object given) {
    value = given;
  }

  /** Returns whether the option was given, and not taken back by {@code =false}. */
  public boolean given() {
    return value != null && !value.equals(false);
  }

  /** Returns the text given, or else another. */
  public String textOr(String otherwise) {
    return value == null ? otherwise : (String) value;
  }

  /** Returns the text given; null when none was. */
  public @Nullable String text() {
    return (String) value;
  }

  /** Returns the file named; null when none was. */
  public @Nullable Path path() {
    return (Path) value;
  }

  /** Returns the words given for an operand that may be repeated. */
  public List<String> texts() {
    return value == null ? List.of() : ((List<?>) value).stream().map(Objects::toString).toList();
  }
}
