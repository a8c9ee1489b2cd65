package dropsite.capture.host;

import java.util.Map;

/**
 * Drop reasons as this very kernel numbers them.
 *
 * @param origin where the numbers are from: {@code vmlinux}, the name of a module, or {@code
 *     format} for the text of the tracepoint
 * @param enumName such as {@code skb_drop_reason} or {@code mac80211_drop_reason}; or {@code
 *     skb_drop_reason_subsys}, whose values are the high 16 bits of the others
 * @param names enumerators by number, as the enum has them
 */
public record ReasonEnum(String origin, String enumName, Map<Integer, String> names) {
  /** The enum that names the subsystems, which are no reasons themselves. */
  public static final String SUBSYSTEMS = "skb_drop_reason_subsys";
}
