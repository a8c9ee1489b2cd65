package dropsite.command;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with a unit, as people write them on a command line. */
public final class Quantity {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)([a-z]*)");

  private static final Map<String, Long> NANOSECONDS =
      Map.of(
          "", 1_000_000_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "min", 60_000_000_000L,
          "h", 3_600_000_000_000L,
          "d", 86_400_000_000_000L);

  private static final Map<String, Long> BYTES =
      Map.of(
          "", 1L, "b", 1L, "k", 1L << 10, "kb", 1L << 10, "m", 1L << 20, "mb", 1L << 20, "g",
          1L << 30, "gb", 1L << 30);

  private static final Map<String, Long> ONES = Map.of("", 1L, "k", 1_000L, "m", 1_000_000L);

  private Quantity() {}

  /** Returns nanoseconds for {@code 10}, {@code 10s}, {@code 1.5m}, {@code 2h}. */
  public static long nanos(String option, String text) {
    return read(option, text, NANOSECONDS, "a time such as 30s, 5m or 1h");
  }

  /** Returns bytes for {@code 65536}, {@code 64k}, {@code 8M}: multiples of 1,024. */
  public static long bytes(String option, String text) {
    return read(option, text, BYTES, "a size such as 64K, 8M or 1G");
  }

  /** Returns a count for {@code 1000}, {@code 10k}, {@code 1M}: multiples of 1,000. */
  public static long count(String option, String text) {
    return read(option, text, ONES, "a number such as 1000, 10k or 1M");
  }

  private static long read(String option, String text, Map<String, Long> units, String expected) {
    Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
    Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
    if (unit != null) {
      BigDecimal value = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
      if (value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
        return value.longValue();
      }
    }
    throw CommandFailure.wrongUsage(option + ": expected " + expected + ", found \"" + text + "\"");
  }
}
