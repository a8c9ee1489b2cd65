package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * What a log puts before its lines: the kernel's own time and caller ({@code [ 297.151593][ C1]},
 * kernel/printk/printk.c: print_prefix).
 */
final class LinePrefix {
  /** The lane of lines without a prefix. */
  static final long NO_PREFIX = -1;

  /** The lane of lines whose prefix does not tell who wrote them. */
  private static final long NO_CALLER = 0;

  private LinePrefix() {}

  /**
   * Skips the prefix of a line.
   *
   * @return a number for whoever wrote the line, the same for all lines of one writer
   */
  static long skip(LineCursor line) {
    int begin = line.position();
    if (!line.accept("[")) {
      return NO_PREFIX;
    }
    line.skipBlanks();
    if (line.number() == null || !line.accept(".") || line.number() == null || !line.accept("]")) {
      line.moveTo(begin);
      return NO_PREFIX;
    }
    Long caller = caller(line);
    if (line.accept(" ")) {
      // One blank belongs to the prefix, those after it to the line.
    }
    return caller == null ? NO_CALLER : caller;
  }

  /** Reads {@code [ C1]} (a processor) or {@code [ T123]} (a task). */
  private static @Nullable Long caller(LineCursor line) {
    int begin = line.position();
    if (line.accept("[")) {
      line.skipBlanks();
      boolean processor = line.accept("C");
      if (processor || line.accept("T")) {
        Long number = line.number();
        if (number != null && line.accept("]")) {
          return 1 + 2 * number + (processor ? 1 : 0);
        }
      }
    }
    line.moveTo(begin);
    return null;
  }
}
