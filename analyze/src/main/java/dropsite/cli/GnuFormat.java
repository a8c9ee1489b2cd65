package dropsite.cli;

import dropsite.command.Output;
import dropsite.symbols.SourceFrame;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Frames in the words of GNU addr2line.
 *
 * @param addresses whether the address precedes its frames
 * @param functions whether names are printed
 * @param inlines whether the functions that the innermost one is inlined into are printed
 * @param pretty whether each frame takes one line
 * @param baseNames whether directories are left out
 * @param names what is done to names before they are printed
 */
record GnuFormat(
    boolean addresses,
    boolean functions,
    boolean inlines,
    boolean pretty,
    boolean baseNames,
    UnaryOperator<String> names) {
  private static final String UNKNOWN = "??";

  /**
   * Writes all lines for one address.
   *
   * @param digits how many hexadecimal digits an address of the file has
   */
  void print(Output out, long address, int digits, List<SourceFrame> frames) {
    if (addresses) {
      out.text("0x").hexadecimal(address, digits).text(pretty ? ": " : "\n");
    }
    if (frames.isEmpty()) {
      if (functions) {
        out.text(UNKNOWN).text(pretty ? " " : "\n");
      }
      out.text("??:0\n");
      return;
    }
    for (int i = 0; i < (inlines ? frames.size() : 1); i++) {
      if (i > 0 && pretty) {
        out.text(" (inlined by) ");
      }
      print(out, frames.get(i));
    }
  }

  private void print(Output out, SourceFrame frame) {
    if (functions) {
      String name = nameOf(frame);
      out.name(name == null ? UNKNOWN : names.apply(name)).text(pretty ? " at " : "\n");
    }
    String file = frame.file();
    out.name(file == null ? UNKNOWN : baseNames ? baseName(file) : file).text(":");
    position(out, frame);
    out.newline();
  }

  /**
   * Returns the name that GNU prints: the debugging information's, else the symbol's; the other way
   * round in faddr2line, which shows suffixes such as {@code .cold}.
   */
  private static @Nullable String nameOf(SourceFrame frame) {
    return frame.function() != null ? frame.function() : frame.symbol();
  }

  /** Writes the line, and the discriminator if there is one. */
  static void position(Output out, SourceFrame frame) {
    if (frame.line() == 0) {
      out.text("?");
      return;
    }
    // Lines are unsigned 32-bit values.
    out.number(Integer.toUnsignedLong(frame.line()));
    if (frame.discriminator() != 0) {
      out.text(" (discriminator ");
      out.number(Integer.toUnsignedLong(frame.discriminator())).text(")");
    }
  }

  private static String baseName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }
}
