package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.Slide;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How numbers, times and places are put for people, the same in every face of a report. Names in
 * what it returns come from the boxes as they are: renderers make them fit for where they are
 * shown.
 */
public final class Wording {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int LONGEST_NAME = 100;
  private static final int SHORT_SECONDS = 10;
  private static final int MINUTE_SECONDS = 60;
  private static final int HOUR_SECONDS = 3600;
  private static final int DAY_SECONDS = 86_400;

  private static final DateTimeFormatter DAY = formatter("uuuu-MM-dd");
  private static final DateTimeFormatter DAY_AND_SECOND = formatter("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter SECOND = formatter("HH:mm:ss");
  private static final DateTimeFormatter DAY_AND_MILLISECOND = formatter("uuuu-MM-dd HH:mm:ss.SSS");
  private static final DateTimeFormatter MILLISECOND = formatter("HH:mm:ss.SSS");

  private Wording() {}

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /** Returns {@code 1,234,567}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Returns {@code 1 event}, {@code 1,234 events}. */
  public static String plural(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** Returns whether packets that counters alone saw lost may have been events after all. */
  public static boolean silentInDoubt(Report report) {
    return report.findings().stream()
        .anyMatch(finding ->
            finding.stacks().isEmpty() && finding.classification().confidence() == Confidence.LOW);
  }

  /** Returns that the ends of recordings are missing, a sentence; empty when they are not. */
  public static String missingEnd(Report report) {
    List<String> cut =
        report.boxes().stream()
            .filter(box -> box.environment().cut())
            .map(BoxReport::name)
            .toList();
    if (cut.isEmpty()) {
      return "";
    }
    String which =
        report.boxes().size() == 1
            ? ""
            : " of "
                + (cut.size() == 1
                    ? cut(cut.getFirst(), LONGEST_NAME)
                    : count(cut.size()) + " boxes");
    return "the recording" + which + " is cut: its end is missing, and what was dropped until then";
  }

  /** Returns {@code 48%}, {@code <1%} for a little, {@code >99%} for nearly all; never more. */
  public static String share(long part, long whole) {
    if (whole <= 0 || part <= 0) {
      return "0%";
    }
    if (part >= whole) {
      return "100%";
    }
    long percent = Math.round(100.0 * part / whole);
    return percent == 0 ? "<1%" : percent == 100 ? ">99%" : percent + "%";
  }

  /**
   * Returns {@code 2026-11-21 20:48:08.125 UTC}, or {@code 1234.125 s} of a recording's own clock.
   *
   * @param wallClock see {@link Totals#wallClock}
   */
  public static String time(long nanos, boolean wallClock) {
    return wallClock
        ? DAY_AND_MILLISECOND.format(instant(nanos)) + " UTC"
        : String.format(Locale.ROOT, "%.3f s", (double) nanos / SECOND_NANOS);
  }

  /** Returns {@code 2026-11-21 20:48:08 to 20:48:38 UTC (30 s)}; short ones to milliseconds. */
  public static String span(long firstNanos, long lastNanos, boolean wallClock) {
    if (firstNanos == lastNanos) {
      return time(firstNanos, wallClock) + (wallClock ? "" : " of the box's own clock");
    }
    String duration = " (" + duration(lastNanos - firstNanos) + ")";
    if (!wallClock) {
      return time(firstNanos, false)
          + " to "
          + time(lastNanos, false)
          + " of the box's own clock"
          + duration;
    }
    Instant first = instant(firstNanos);
    Instant last = instant(lastNanos);
    boolean sameDay = DAY.format(first).equals(DAY.format(last));
    boolean brief = lastNanos - firstNanos < SHORT_SECONDS * SECOND_NANOS;
    return (brief ? DAY_AND_MILLISECOND : DAY_AND_SECOND).format(first)
        + " to "
        + (sameDay ? "" : DAY.format(last) + " ")
        + (brief ? MILLISECOND : SECOND).format(last)
        + " UTC"
        + duration;
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, SECOND_NANOS), Math.floorMod(nanos, SECOND_NANOS));
  }

  /**
   * Returns {@code 250 ms}, {@code 4.2 s}, {@code 1 min 5 s}, {@code 2 h 3 min}, {@code 3 d 2 h}.
   */
  public static String duration(long nanos) {
    if (nanos < SECOND_NANOS) {
      return Math.max(nanos, 0) / 1_000_000 + " ms";
    }
    long seconds = nanos / SECOND_NANOS;
    if (seconds < SHORT_SECONDS) {
      return String.format(Locale.ROOT, "%.1f s", (double) nanos / SECOND_NANOS);
    }
    if (seconds < MINUTE_SECONDS) {
      return seconds + " s";
    }
    if (seconds < HOUR_SECONDS) {
      return two(seconds / MINUTE_SECONDS, "min", seconds % MINUTE_SECONDS, "s");
    }
    return seconds < DAY_SECONDS
        ? two(seconds / HOUR_SECONDS, "h", seconds % HOUR_SECONDS / MINUTE_SECONDS, "min")
        : two(seconds / DAY_SECONDS, "d", seconds % DAY_SECONDS / HOUR_SECONDS, "h");
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  /** Returns {@code 512 bytes}, {@code 12 KB}, {@code 3.4 MB}, in powers of 1,024. */
  public static String size(long bytes) {
    if (bytes < 1 << 10) {
      return plural(bytes, "byte");
    }
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.0f KB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MB", bytes / (1024.0 * 1024));
  }

  /** Returns {@code nf_hook_slow+0xaa}, an address where no name is known, with its module. */
  public static String frame(ResolvedFrame frame) {
    StringBuilder words = new StringBuilder();
    String symbol = frame.symbol();
    Long address = frame.given().runtimeAddress();
    if (symbol != null) {
      words.append(symbol);
      if (frame.offsetBytes() != StackFrame.UNKNOWN) {
        words.append("+").append(JsonStack.hex(frame.offsetBytes()));
      }
    } else {
      words.append(address == null ? "??" : JsonStack.hex(address));
    }
    if (frame.module() != null) {
      words.append(" [").append(frame.module()).append("]");
    }
    return words.toString();
  }

  /** Returns {@code nf_hook_slow at net/netfilter/core.c:631}. */
  public static String site(DropPlace place, SourceNames names) {
    return place.layer() == null ? frame(place.frame()) : names.inWords(place.layer());
  }

  /** Returns {@code net/netfilter/core.c:631}, or the frame where no line is known. */
  public static String position(DropPlace place, SourceNames names) {
    Layer layer = place.layer();
    String position = layer == null ? null : names.position(layer.source());
    return position == null ? frame(place.frame()) : position;
  }

  /** Returns the site and, where it is known, who called it. */
  public static String place(DropPlace place, SourceNames names) {
    Layer caller = place.caller();
    return "in " + site(place, names) + (caller == null ? "" : ", from " + names.inWords(caller));
  }

  /** Returns how a slide is known, for a person; empty for none. */
  public static String slide(@Nullable Slide slide) {
    return slide == null
        ? ""
        : "moved by " + JsonStack.hex(slide.bytes()) + " (" + slide.inWords() + ")";
  }

  /** Returns {@code table ip filter, chain OUTPUT, handle 5}; empty where there are none. */
  public static String standing(Attribution attribution) {
    List<String> words = new ArrayList<>();
    if (attribution.table() != null) {
      words.add("table " + attribution.table());
    }
    if (attribution.chain() != null) {
      words.add("chain " + attribution.chain());
    }
    if (attribution.handle() != null) {
      words.add(attribution.handle());
    }
    return String.join(", ", words);
  }

  /** Returns {@code rule in table ip filter, chain OUTPUT, handle 5}: what it is and where. */
  public static String whereabouts(Attribution attribution) {
    String standing = standing(attribution);
    return noun(attribution.kind()) + (standing.isEmpty() ? "" : " in " + standing);
  }

  /** Returns {@code rule -A OUTPUT -j DROP}: what it is, and its text. */
  public static String named(Attribution attribution) {
    String noun = noun(attribution.kind());
    return attribution.text().startsWith(noun)
        ? attribution.text()
        : noun + " " + attribution.text();
  }

  /** Returns what sort of thing explains a drop, for a person. */
  public static String noun(Kind kind) {
    return switch (kind) {
      case RULE -> "rule";
      case POLICY -> "policy";
      case CONNTRACK -> "connection tracking";
      case ROUTE -> "route";
      case SYSCTL -> "setting";
      case NEIGHBOUR -> "neighbour";
      case QDISC -> "queueing discipline";
      case FILTER -> "tc filter";
      case PROGRAM -> "BPF program";
      case DEVICE -> "device";
      case SOCKET -> "socket";
    };
  }

  /**
   * Returns {@code counter +5, high confidence}; nothing of a counter whose movement is unknown.
   */
  public static String sureness(Attribution attribution) {
    String counter = counter(attribution);
    return (counter.isEmpty() ? "" : counter + ", ")
        + attribution.confidence().word()
        + " confidence";
  }

  /** Returns {@code counter +5}; empty where nothing counts, or the movement is not known. */
  public static String counter(Attribution attribution) {
    Long delta = attribution.counterDelta();
    return delta == null ? "" : "counter " + (delta < 0 ? "" : "+") + count(delta);
  }

  /**
   * Returns a text, or its beginning and how much more there is.
   *
   * @param most characters that are kept
   */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    int left = text.substring(end).getBytes(StandardCharsets.UTF_8).length;
    return text.substring(0, end) + "… (" + count(left) + " more bytes)";
  }
}
