package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/** Names as bcc's tools print them: Python 3 puts byte strings between {@code b'} and a quote. */
final class BccName {
  /** Stands for the name of a place that has none. */
  static final String UNKNOWN = "[unknown]";

  private BccName() {}

  /** Skips what begins a byte string; returns what ends it, which is nothing where none begins. */
  static String open(LineCursor line) {
    return line.accept("b'") ? "'" : line.accept("b\"") ? "\"" : "";
  }

  /** Returns the name that the rest of a line is, or null. */
  static @Nullable String of(LineCursor line) {
    int begin = line.position();
    String close = open(line);
    String name = line.accept(UNKNOWN) ? UNKNOWN : line.symbol();
    if (name != null && line.accept(close)) {
      line.skipBlanks();
      if (line.atEnd()) {
        return name;
      }
    }
    line.moveTo(begin);
    return null;
  }
}
