package dropsite.analyze.input;

/**
 * What stands around the lines of logs that were copied from somewhere: quotes of mail, the
 * indentation of bug trackers, the colours of a terminal, and the names that grep and containers
 * put before each line.
 *
 * <p>The first byte decides for most lines. Blanks and names are taken for such only where the
 * prefix of a log stands behind them: the lines of many formats begin with them on their own.
 */
final class PastedLine {
  private static final byte ESCAPE = 0x1b;

  /** Files and containers with longer names are not looked for. */
  private static final int LONGEST_NAME_BYTES = 128;

  private PastedLine() {}

  /** Returns a cursor over the line that a reader is at, without colours where it has some. */
  static LineCursor text(RawLines lines) {
    byte[] bytes = lines.array();
    int start = lines.start();
    int end = lines.textEnd();
    if (!isColored(bytes, start, end)) {
      return new LineCursor(bytes, start, end);
    }
    byte[] plain = new byte[end - start];
    int length = 0;
    int i = start;
    while (i < end) {
      int next = behindColor(bytes, i, end);
      if (next == i) {
        plain[length++] = bytes[i++];
      } else {
        i = next;
      }
    }
    return new LineCursor(plain, 0, length);
  }

  /** Colours begin before a line or go on to its end ({@code ESC [ 0 m}, {@code ESC [ m}). */
  private static boolean isColored(byte[] bytes, int start, int end) {
    return end - start >= 4
        && (bytes[start] == ESCAPE
            || (bytes[end - 1] == 'm' && (bytes[end - 4] == ESCAPE || bytes[end - 3] == ESCAPE)));
  }

  /** Returns the index behind a colour ({@code ESC [ 1 ; 3 1 m}, ECMA-48: SGR), else the same. */
  private static int behindColor(byte[] bytes, int at, int end) {
    if (bytes[at] != ESCAPE || at + 1 >= end || bytes[at + 1] != '[') {
      return at;
    }
    int i = at + 2;
    while (i < end && ((bytes[i] >= '0' && bytes[i] <= '9') || bytes[i] == ';')) {
      i++;
    }
    return i < end && bytes[i] == 'm' ? i + 1 : at;
  }

  /**
   * Skips what stands before a line, and the prefix of its log.
   *
   * @return the line's writer, as {@link LinePrefix#skip} tells it
   */
  static long skip(LineCursor line) {
    return switch (line.peek()) {
      case ' ', '\t', '\r', '>' -> indented(line);
      default -> {
        long writer = LinePrefix.skip(line);
        yield writer == LinePrefix.NO_PREFIX ? behindName(line) : writer;
      }
    };
  }

  /** Skips quotes with one blank each; other blanks only before the prefix of a log. */
  private static long indented(LineCursor line) {
    int skipped = line.position();
    while (true) {
      if (line.accept(">")) {
        boolean blank = line.accept(" ");
        if (blank || line.atEnd() || line.peek() == '>') {
          skipped = line.position();
        }
      } else if (line.accept("\r")) {
        // Serial consoles end lines with the two in either order.
        skipped = line.position();
      } else if (line.skipBlanks() == 0) {
        break;
      }
    }
    long writer = LinePrefix.skip(line);
    if (writer == LinePrefix.NO_PREFIX) {
      line.moveTo(skipped);
    }
    return writer;
  }

  /** Skips {@code file:}, {@code 12:}, {@code file-12-} and {@code name | }. */
  private static long behindName(LineCursor line) {
    int begin = line.position();
    for (int i = begin; i < begin + LONGEST_NAME_BYTES; i++) {
      int b = line.at(i);
      if (b < 0 || b == ' ' || b == '\t') {
        line.moveTo(i);
        line.skipBlanks();
        if (line.accept("| ") && line.peek() == '[') {
          long writer = fromKernel(line);
          if (writer != LinePrefix.NO_PREFIX) {
            return writer;
          }
        }
        break;
      }
      if (b == ':' || b == '-') {
        line.moveTo(i + 1);
        long writer = fromKernel(line);
        if (writer != LinePrefix.NO_PREFIX) {
          return writer;
        }
      }
    }
    line.moveTo(begin);
    return LinePrefix.NO_PREFIX;
  }

  /** Skips a time, be it the kernel's or that of a line of the kernel in another log. */
  private static long fromKernel(LineCursor line) {
    int begin = line.position();
    if (line.peek() == '[') {
      boolean timed = LinePrefix.time(line);
      line.moveTo(begin);
      return timed ? LinePrefix.skip(line) : LinePrefix.NO_PREFIX;
    }
    boolean named = line.peek() == 'k' || line.peek() == '<';
    long writer = named ? LinePrefix.NO_PREFIX : LinePrefix.skip(line);
    return writer == LinePrefix.OTHERS ? LinePrefix.NO_PREFIX : writer;
  }
}
