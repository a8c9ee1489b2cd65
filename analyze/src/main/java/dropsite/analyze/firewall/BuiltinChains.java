package dropsite.analyze.firewall;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** On which hooks the built-in chains of xtables hang, and in which order they are run there. */
final class BuiltinChains {
  private static final int RAW = -300;
  private static final int MANGLE = -150;
  private static final int NAT_DESTINATION = -100;
  private static final int NAT_SOURCE = 100;
  private static final int SECURITY = 50;
  private static final int BRIDGE_NAT_BRIDGED = -300;
  private static final int BRIDGE_FILTER_BRIDGED = -200;
  private static final int BRIDGE_NAT_OTHER = 100;
  private static final int BRIDGE_FILTER_OTHER = 200;
  private static final int BRIDGE_NAT_SOURCE = 300;

  private BuiltinChains() {}

  /**
   * Returns the name of the hook that a chain hangs on; null for a chain of the user's, and for
   * BROUTING, whose DROP means to route a frame and not to drop it
   * (net/bridge/netfilter/ebtable_broute.c).
   */
  static @Nullable String hook(String chain) {
    return switch (chain) {
      case "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING" ->
          chain.toLowerCase(Locale.ROOT);
      default -> null;
    };
  }

  /** Returns a chain's priority (include/uapi/linux/netfilter_ipv4.h, netfilter_bridge.h). */
  static int priority(String family, String table, String chain) {
    boolean out = chain.equals("OUTPUT");
    if (family.equals("bridge")) {
      return switch (table) {
        case "nat" ->
            chain.equals("POSTROUTING")
                ? BRIDGE_NAT_SOURCE
                : out ? BRIDGE_NAT_OTHER : BRIDGE_NAT_BRIDGED;
        default -> out ? BRIDGE_FILTER_OTHER : BRIDGE_FILTER_BRIDGED;
      };
    }
    return switch (table) {
      case "raw" -> RAW;
      case "mangle" -> MANGLE;
      case "nat" -> chain.equals("PREROUTING") || out ? NAT_DESTINATION : NAT_SOURCE;
      case "security" -> SECURITY;
      default -> 0;
    };
  }
}
