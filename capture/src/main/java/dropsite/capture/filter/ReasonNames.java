package dropsite.capture.filter;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Drop reasons by name, as the running kernel numbers them: numbers move between kernels. */
final class ReasonNames {
  /** What enumerators of the core begin with and people leave out. */
  private static final String PREFIX = "SKB_DROP_REASON_";

  private final Map<String, Integer> numbers = new TreeMap<>();

  ReasonNames(Map<Integer, String> names) {
    names.forEach((number, name) -> numbers.put(bare(name), number));
  }

  private static String bare(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  /** Returns the number of a reason given by name, with or without the prefix, or by number. */
  int number(String text) throws FilterException {
    if (numbers.isEmpty()) {
      throw new FilterException("--reason: this kernel gives no drop reasons");
    }
    if (Character.isDigit(text.charAt(0))) {
      return FilterParser.number("--reason", text, 0, Integer.MAX_VALUE);
    }
    String name = bare(text.toUpperCase(Locale.ROOT));
    Integer number = numbers.get(name);
    if (number != null) {
      return number;
    }
    List<String> near = NearNames.of(name, numbers.keySet());
    throw new FilterException(
        "--reason: this kernel has no \"%s\"%s"
            .formatted(text, near.isEmpty() ? "" : "; it has " + String.join(", ", near)));
  }
}
