package dropsite.analyze.firewall;

import org.jspecify.annotations.Nullable;

/**
 * A hook whose verdict dropped a packet, as the classification names it.
 *
 * @param family {@code ip}, {@code ip6}, {@code arp}, {@code bridge}, {@code bridge-netfilter} (the
 *     hooks of IP and ARP, for a bridged packet) or {@code netdev}
 * @param name {@code prerouting}, {@code input}, {@code forward}, {@code output}, {@code
 *     postrouting}, {@code ingress} or {@code egress}
 */
record Hook(String family, String name) {
  private static final String CLASS = "netfilter";
  static final String BRIDGED = "bridge-netfilter";

  /** Returns the hook that a class of drops is about; null when it names none. */
  static @Nullable Hook ofClass(String classId) {
    String[] words = classId.split("\\.", 5);
    return words.length >= 3 && words[0].equals(CLASS) ? new Hook(words[1], words[2]) : null;
  }

  /** Returns the family whose chains are run here for a packet of an ethertype. */
  String chains(int etherType) {
    if (!family.equals(BRIDGED)) {
      return family;
    }
    return switch (etherType) {
      case EtherTypes.IPV6 -> "ip6";
      case EtherTypes.ARP -> "arp";
      default -> "ip";
    };
  }

  /** Returns it in words, such as {@code ip forward}. */
  String inWords() {
    return family + " " + name;
  }
}
