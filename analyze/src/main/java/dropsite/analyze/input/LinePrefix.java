package dropsite.analyze.input;

/**
 * What a log puts before its lines: the kernel's own time and caller ({@code [ 297.151593][ C1]},
 * kernel/printk/printk.c: print_prefix), dmesg's ways to print them, and what syslog and the
 * journal put before that.
 *
 * <p>The first bytes decide, as most lines of a log have no prefix or one that says soon whose it
 * is.
 */
final class LinePrefix {
  /** The lane of lines without a prefix. */
  static final long NO_PREFIX = -1;

  /** The lane of what others than the kernel write to its log. */
  static final long OTHERS = -2;

  /** The lane of lines of the kernel whose prefix does not tell who wrote them. */
  private static final long NO_CALLER = 0;

  private static final String KERNEL = "kernel:";
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final String DAYS = "MonTueWedThuFriSatSun";

  /** Host, facility and zone at most stand between the time and the writer. */
  private static final int MOST_WORDS = 4;

  private LinePrefix() {}

  /**
   * Skips the prefix of a line.
   *
   * @return a number for whoever wrote the line, the same for all lines of one writer
   */
  static long skip(LineCursor line) {
    return switch (line.peek()) {
      case '[' -> printk(line, NO_PREFIX);
      case '<' -> level(line) ? leveled(line) : NO_PREFIX;
      case 'k' -> named(line) || facility(line) ? printk(line, NO_CALLER) : NO_PREFIX;
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(line);
      case 'A', 'D', 'F', 'J', 'M', 'N', 'O', 'S', 'T', 'W' -> syslog(line);
      default -> NO_PREFIX;
    };
  }

  /**
   * Skips what the kernel or dmesg puts before a line.
   *
   * @param otherwise the lane when it is not there
   */
  private static long printk(LineCursor line, long otherwise) {
    long lane = stamp(line, otherwise);
    return lane == NO_CALLER && writtenByKernel(line) ? stamp(line, NO_CALLER) : lane;
  }

  /** Skips time, caller and the one blank behind them; those after it belong to the line. */
  private static long stamp(LineCursor line, long otherwise) {
    boolean timed = time(line);
    int begin = line.position();
    if (timed) {
      // Newer versions of dmesg print a blank between the two.
      line.accept(" ");
    }
    long caller = caller(line);
    if (caller == NO_CALLER) {
      line.moveTo(begin);
    }
    if (!timed && caller == NO_CALLER) {
      return otherwise;
    }
    line.accept(" ");
    return caller;
  }

  /** Skips {@code host kernel:}, which journalctl puts behind a monotonic time. */
  private static boolean writtenByKernel(LineCursor line) {
    int begin = line.position();
    if (line.skipWord() > 0 && line.accept(" ") && line.accept(KERNEL)) {
      line.accept(" ");
      return true;
    }
    line.moveTo(begin);
    return false;
  }

  /** Skips {@code kernel: }, and a level behind it. */
  private static boolean named(LineCursor line) {
    if (!line.accept(KERNEL)) {
      return false;
    }
    line.accept(" ");
    level(line);
    return true;
  }

  /**
   * Skips {@code [ 297.151593]}, dmesg's {@code [< 0.000421>]}, {@code [ 12.3 < 0.000421>]}, {@code
   * [Tue Nov 21 17:13:47 2026]}, {@code [Nov21 17:13]} and {@code [ +0.000421]}.
   */
  static boolean time(LineCursor line) {
    int begin = line.position();
    if (line.accept("[")) {
      line.skipBlanks();
      boolean told;
      if (MONTHS.indexOf(line.peek()) >= 0 || DAYS.indexOf(line.peek()) >= 0) {
        told = calendarTime(line);
      } else {
        boolean delta = line.accept("+") || line.accept("<");
        line.skipBlanks();
        told = seconds(line);
        if (!delta) {
          line.skipBlanks();
          if (line.accept("<")) {
            line.skipBlanks();
            told = told && seconds(line) && line.accept(">");
          }
        } else {
          line.accept(">");
        }
      }
      if (told && line.accept("]")) {
        return true;
      }
    }
    line.moveTo(begin);
    return false;
  }

  private static boolean seconds(LineCursor line) {
    return line.number() != null && line.accept(".") && line.number() != null;
  }

  /** Skips words and numbers up to the bracket; one of them is a time of day. */
  private static boolean calendarTime(LineCursor line) {
    boolean timeOfDay = false;
    if (!isName(line, MONTHS) && !isName(line, DAYS)) {
      return false;
    }
    line.moveTo(line.position() + 3);
    while (!line.atEnd() && line.peek() != ']') {
      line.skipBlanks();
      if (line.number() != null) {
        timeOfDay |= line.peek() == ':';
        line.accept(":");
      } else if (isName(line, MONTHS)) {
        line.moveTo(line.position() + 3);
      } else {
        return false;
      }
    }
    return timeOfDay;
  }

  /** Returns whether one of a list of names of three letters comes next. */
  private static boolean isName(LineCursor line, String names) {
    int at = line.position();
    for (int i = 0; i < names.length(); i += 3) {
      if (line.at(at) == names.charAt(i)
          && line.at(at + 1) == names.charAt(i + 1)
          && line.at(at + 2) == names.charAt(i + 2)) {
        return true;
      }
    }
    return false;
  }

  /** Reads {@code [ C1]} (a processor) or {@code [ T123]} (a task). */
  private static long caller(LineCursor line) {
    int begin = line.position();
    if (line.accept("[")) {
      line.skipBlanks();
      long caller = callerName(line);
      if (caller != NO_CALLER && line.accept("]")) {
        return caller;
      }
    }
    line.moveTo(begin);
    return NO_CALLER;
  }

  private static long callerName(LineCursor line) {
    boolean processor = line.accept("C");
    Long number = processor || line.accept("T") ? line.number() : null;
    return number == null ? NO_CALLER : 1 + 2 * number + (processor ? 1 : 0);
  }

  /** Skips {@code <4>}. */
  private static boolean level(LineCursor line) {
    int begin = line.position();
    if (line.accept("<") && line.number() != null && line.accept(">")) {
      return true;
    }
    line.moveTo(begin);
    return false;
  }

  /**
   * Skips what stands behind {@code <4>}: time and writer of a syslog, or the kernel's own time.
   */
  private static long leveled(LineCursor line) {
    long lane =
        switch (line.peek()) {
          case '<' -> NO_CALLER;
          case '1' -> line.comes("1 ") ? protocol(line) : skip(line);
          default -> skip(line);
        };
    return lane == NO_PREFIX ? NO_CALLER : lane;
  }

  /** Skips {@code 1 2026-11-21T17:13:47.123Z host kernel - - - } (RFC 5424, section 6). */
  private static long protocol(LineCursor line) {
    int begin = line.position();
    boolean header = line.accept("1 ") && word(line) && word(line);
    boolean kernel = header && line.accept("kernel ");
    if (header && (kernel || word(line)) && word(line) && word(line) && structuredData(line)) {
      line.accept(" ");
      line.accept(BYTE_ORDER_MARK);
      return kernel ? printk(line, NO_CALLER) : OTHERS;
    }
    line.moveTo(begin);
    return NO_PREFIX;
  }

  private static boolean word(LineCursor line) {
    return line.skipWord() > 0 && line.accept(" ");
  }

  /** Skips {@code -} or {@code [id name="value"][id]}. */
  private static boolean structuredData(LineCursor line) {
    boolean told = line.accept("-");
    while (!told && line.accept("[")) {
      do {
        if (!line.skipBehind(']')) {
          return false;
        }
      } while (line.at(line.position() - 2) == '\\');
      told = line.peek() != '[';
    }
    return told;
  }

  /** Skips dmesg's {@code kern :warn : }. */
  private static boolean facility(LineCursor line) {
    int begin = line.position();
    if (line.accept("kern")) {
      line.skipBlanks();
      if (line.accept(":") && line.symbol() != null) {
        line.skipBlanks();
        if (line.accept(": ")) {
          return true;
        }
      }
    }
    line.moveTo(begin);
    return false;
  }

  /** Skips a time that begins with a number, or what /dev/kmsg puts before a line. */
  private static long number(LineCursor line) {
    int begin = line.position();
    if (line.at(begin + 4) == '-' && line.at(begin + 7) == '-') {
      return syslog(line);
    }
    if (line.number() != null) {
      if (line.accept(",") && line.number() != null && line.accept(",")) {
        long lane = kmsg(line);
        if (lane != NO_PREFIX) {
          return lane;
        }
      } else if (line.accept(".") && line.number() != null && line.accept(" ")) {
        if (writtenByKernel(line)) {
          return printk(line, NO_CALLER);
        }
      }
    }
    line.moveTo(begin);
    return NO_PREFIX;
  }

  /** Skips the rest of {@code 4,1234,297151593,-,caller=T12;} (Documentation/ABI: dev-kmsg). */
  private static long kmsg(LineCursor line) {
    if (line.number() == null || !line.accept(",")) {
      return NO_PREFIX;
    }
    line.moveTo(line.position() + 1);
    long lane = line.accept(",caller=") ? callerName(line) : NO_CALLER;
    return line.accept(";") ? lane : NO_PREFIX;
  }

  /**
   * Skips {@code Jan 2 17:25:01 host kernel:} and the like with times of other forms. Behind a time
   * of dmesg's own form ({@code 2026-11-21T17:31:34,019731+00:00}) there is no host.
   */
  private static long syslog(LineCursor line) {
    int begin = line.position();
    boolean timed = false;
    boolean dmesg = false;
    while (true) {
      int word = line.position();
      boolean name = isName(line, MONTHS) || (word == begin && isName(line, DAYS));
      if (!name && (line.peek() < '0' || line.peek() > '9')) {
        break;
      }
      int length = line.skipWord();
      timed |= hasColon(line, word, length);
      dmesg |= length > 20 && line.at(word + 19) == ',';
      if ((name && length != 3) || line.atEnd()) {
        timed = false;
        break;
      }
      if (dmesg) {
        break;
      }
      line.skipBlanks();
    }
    if (!timed) {
      line.moveTo(begin);
      return NO_PREFIX;
    }
    if (dmesg) {
      line.accept(" ");
      return NO_CALLER;
    }
    if (line.accept("stdout F ") || line.accept("stderr F ")) {
      // A container's runtime: the line is as it was written, that of the kernel or not.
      level(line);
      return printk(line, NO_CALLER);
    }
    if (line.peek() == '[') {
      return printk(line, NO_CALLER);
    }
    for (int i = 0; i < MOST_WORDS && !line.atEnd(); i++) {
      if (named(line)) {
        return printk(line, NO_CALLER);
      }
      int word = line.position();
      int length = line.skipWord();
      boolean writer = line.at(word + length - 1) == ':';
      line.accept(" ");
      if (writer) {
        return OTHERS;
      }
    }
    // Nobody's log: other tools, too, begin their lines with a time.
    line.moveTo(begin);
    return NO_PREFIX;
  }

  private static boolean hasColon(LineCursor line, int begin, int length) {
    for (int i = begin; i < begin + length; i++) {
      if (line.at(i) == ':') {
        return true;
      }
    }
    return false;
  }
}
