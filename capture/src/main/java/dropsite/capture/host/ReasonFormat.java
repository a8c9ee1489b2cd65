package dropsite.capture.host;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of drop reasons in the format file of tracepoint skb:kfree_skb. */
final class ReasonFormat {
  private static final String LIST = "__print_symbolic(REC->reason,";
  private static final Pattern ENTRY =
      Pattern.compile("\\{\\s*(0x[0-9a-fA-F]{1,8}|\\d{1,9})\\s*,\\s*\"([^\"]*)\"\\s*\\}");
  private static final String PREFIX = "SKB_DROP_REASON_";

  private ReasonFormat() {}

  /**
   * Returns enumerators by number; empty when the format has no reason.
   *
   * <p>Kernels print names with and without the prefix of their enum; here all have it.
   */
  static Map<Integer, String> read(String format) {
    Map<Integer, String> names = new TreeMap<>();
    int start = format.indexOf(LIST);
    if (start >= 0) {
      Matcher entries = ENTRY.matcher(format).region(start, format.length());
      while (entries.find()) {
        String name = entries.group(2);
        names.putIfAbsent(
            Integer.decode(entries.group(1)), name.startsWith("SKB_") ? name : PREFIX + name);
      }
    }
    return names;
  }
}
