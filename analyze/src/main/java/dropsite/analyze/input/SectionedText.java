package dropsite.analyze.input;

import dropsite.bytes.MalformedInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The text that our own scripts write: sections, each begun by a line such as {@code ==> modules
 * <==}, the first of which names the script and the version of its format.
 *
 * <p>No name that a user of the box may choose can begin a line there: capture.sh puts a blank
 * before every line that it copies, and the bpftrace scripts escape control bytes.
 */
public final class SectionedText implements Closeable {
  private static final String BEFORE_NAME = "==> ";
  private static final String AFTER_NAME = " <==";

  private static final String SIGNATURE = "dropsite-";
  private static final String VERSION = " 1";

  /** bpftrace says what it attaches to, and what it warns of, before a script's first line. */
  private static final int LATEST_SIGNATURE_LINE = 32;

  private final RawLines lines;
  private String section = "";
  private boolean wholeBefore = true;

  private SectionedText(RawLines lines) {
    this.lines = lines;
  }

  /**
   * Opens a text and reads up to its signature.
   *
   * @param source the file as the user named it, for messages
   * @param input closed by {@link #close}
   * @return null when it is none of our own scripts' texts
   */
  public static @Nullable SectionedText open(String source, InputStream input) throws IOException {
    RawLines lines = new RawLines(input);
    for (int i = 1; i <= LATEST_SIGNATURE_LINE && lines.advance(); i++) {
      String name = sectionBegunBy(lines);
      if (name != null && isSignature(source, name, i)) {
        return new SectionedText(lines);
      }
    }
    return null;
  }

  /**
   * Returns whether the name of a section is the signature of a text that we can read.
   *
   * @param line 1-based number of the line that it stands on
   */
  static boolean isSignature(String source, String name, int line) {
    if (line > LATEST_SIGNATURE_LINE || !name.startsWith(SIGNATURE)) {
      return false;
    }
    if (!name.endsWith(VERSION)) {
      throw new MalformedInputException(
          source, "is of format \"" + name + "\", which a later dropsite may read");
    }
    return true;
  }

  /** Moves to the next line within a section, and returns whether there is one. */
  public boolean advance() throws IOException {
    while (lines.advance()) {
      // What goes on an overlong line may look like anything.
      String begun = wholeBefore ? sectionBegunBy(lines) : null;
      wholeBefore = lines.ends();
      if (begun == null) {
        return true;
      }
      section = begun;
    }
    return false;
  }

  /** Returns the name of the section that the line stands in. */
  public String section() {
    return section;
  }

  /** Returns the line without blanks around it, each byte as one char (ISO 8859-1). */
  public String line() {
    return lines.copy().text().strip();
  }

  private static @Nullable String sectionBegunBy(RawLines lines) {
    return lines.textEnd() - lines.start() > BEFORE_NAME.length()
            && lines.array()[lines.start()] == BEFORE_NAME.charAt(0)
        ? sectionBegunBy(lines.copy().text())
        : null;
  }

  /** Returns the name of the section that a line begins, or null. */
  static @Nullable String sectionBegunBy(String line) {
    return line.startsWith(BEFORE_NAME)
            && line.endsWith(AFTER_NAME)
            && line.length() > BEFORE_NAME.length() + AFTER_NAME.length()
        ? line.substring(BEFORE_NAME.length(), line.length() - AFTER_NAME.length())
        : null;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
