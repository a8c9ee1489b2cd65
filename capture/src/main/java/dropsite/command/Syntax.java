package dropsite.command;

import dropsite.command.Argument.Takes;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options and operands that a command takes, and the reading of command lines that are written
 * plainly.
 *
 * <p>picocli knows all that a command line may be, and costs as much time as a lookup. It is left
 * out where nothing but known options, their values and operands stand.
 */
public final class Syntax {
  private static final int MANY = Integer.MAX_VALUE;

  private final String name;
  private final List<Argument> options = new ArrayList<>();
  private final List<Operand> operands = new ArrayList<>();

  /**
   * An operand and how often it may stand there.
   *
   * @param least how many words it takes at least
   * @param most how many at most
   */
  public record Operand(Argument argument, int least, int most) {
    /** Returns whether its words are a list. */
    public boolean repeated() {
      return most == MANY;
    }
  }

  /**
   * @param name of the command
   */
  public Syntax(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** Declares an option that takes no value. */
  public Argument flag(String description, String... names) {
    return option(Takes.NOTHING, "", description, names);
  }

  /** Declares an option that takes a value. */
  public Argument option(Takes takes, String label, String description, String... names) {
    Argument option = new Argument(List.of(names), takes, label, description);
    options.add(option);
    return option;
  }

  /** Declares an operand that has to be given. */
  public Argument operand(Takes takes, String label, String description) {
    return operand(new Operand(new Argument(List.of(), takes, label, description), 1, 1));
  }

  /** Declares that all further words are texts of one kind, at least so many. */
  public Argument operands(int least, String label, String description) {
    return operand(
        new Operand(new Argument(List.of(), Takes.TEXT, label, description), least, MANY));
  }

  private Argument operand(Operand operand) {
    operands.add(operand);
    return operand.argument;
  }

  public List<Argument> options() {
    return options;
  }

  /** Returns the operands in their order; only the last may be repeated. */
  public List<Operand> operands() {
    return operands;
  }

  /**
   * Reads a command line that is written plainly.
   *
   * @param start the index of the first word behind the command
   * @return whether it was; if not, some arguments may be set, and {@link Picocli} has to read it
   *     into a fresh command
   */
  public boolean readPlain(String[] words, int start) {
    List<String> given = new ArrayList<>();
    int next = start;
    while (next < words.length) {
      String word = words[next++];
      if (!word.startsWith("-")) {
        if (!isPlain(word)) {
          return false;
        }
        given.add(word);
        continue;
      }
      Argument last = readOption(word);
      if (last == null) {
        return false;
      }
      if (!last.given() && (next == words.length || !readValue(last, words[next++]))) {
        return false;
      }
    }
    return readOperands(given);
  }

  /**
   * Reads one word of options: {@code --name}, {@code --name=value} or letters behind one dash.
   *
   * @return the option, or the last of several, not yet given where its value is the next word;
   *     null when the word is not plain
   */
  private @Nullable Argument readOption(String word) {
    int equals = word.indexOf('=');
    if (word.startsWith("--") && equals > 0) {
      Argument option = named(word.substring(0, equals));
      boolean read =
          option != null && takesWord(option) && readValue(option, word.substring(equals + 1));
      return read ? option : null;
    }
    if (word.startsWith("--")) {
      return begun(named(word));
    }
    Argument last = null;
    for (int i = 1; i < word.length(); i++) {
      if (last != null && takesWord(last)) {
        return null;
      }
      last = begun(named("-" + word.charAt(i)));
      if (last == null) {
        return null;
      }
    }
    return last;
  }

  /** Marks an option as given, unless it is a value that will say so. */
  private static @Nullable Argument begun(@Nullable Argument option) {
    if (option != null) {
      option.set(takesWord(option) ? null : option.takes() == Takes.NOTHING ? true : "");
    }
    return option;
  }

  private static boolean takesWord(Argument option) {
    return option.takes() == Takes.TEXT || option.takes() == Takes.PATH;
  }

  private @Nullable Argument named(String name) {
    for (Argument option : options) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    return null;
  }

  private boolean readOperands(List<String> words) {
    int next = 0;
    for (Operand operand : operands) {
      int left = words.size() - next;
      if (left < operand.least) {
        return false;
      }
      if (operand.repeated()) {
        operand.argument.set(words.subList(next, words.size()));
        next = words.size();
      } else if (!readValue(operand.argument, words.get(next++))) {
        return false;
      }
    }
    return next == words.size();
  }

  private static boolean readValue(Argument argument, String word) {
    if (!isPlain(word)) {
      return false;
    }
    try {
      argument.set(argument.takes() == Takes.PATH ? Path.of(word) : word);
      return true;
    } catch (InvalidPathException e) {
      // picocli has words for it.
      return false;
    }
  }

  /** Returns whether a word can be a value and nothing else: no option and no @FILE. */
  private static boolean isPlain(String word) {
    return !word.isEmpty() && word.charAt(0) != '-' && word.charAt(0) != '@';
  }
}
