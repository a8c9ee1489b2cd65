package dropsite.analyze.network;

import java.util.List;
import java.util.Map;

/**
 * A rule of the routing policy, as {@code ip rule} prints it: which packets are looked up in which
 * table, or refused.
 *
 * @param item as it was printed
 * @param ipv6 whether it is for IPv6
 */
record PolicyRule(Json item, boolean ipv6) {
  private static final List<String> REFUSING = List.of("blackhole", "prohibit", "unreachable");
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("icmp", 1, "tcp", 6, "udp", 17, "ipv6-icmp", 58, "sctp", 132, "gre", 47, "esp", 50);
  private static final long ALL_BITS = 0xffffffffL;

  /** Whether a rule is for a packet. */
  enum Match {
    YES,
    NO,
    /** It asks for something that was not recorded. */
    UNKNOWN
  }

  long priority() {
    return item.get("priority").number(0);
  }

  /** Returns what it does: {@code blackhole} and the like, or empty. */
  String refusal() {
    String action = item.get("action").text();
    return REFUSING.contains(action) ? action : "";
  }

  String table() {
    return item.get("table").text();
  }

  boolean leadsToTable() {
    return item.get("table").present();
  }

  /** Returns the priority of the rule to go on with; -1 when it does not say so. */
  long goesTo() {
    return item.get("goto").number(-1);
  }

  /** Returns whether it asks the table of the VRF that the packet's device is in. */
  boolean asksVrf() {
    return item.has("l3mdev");
  }

  /** Returns whether a route that its table has is to be passed over. */
  boolean suppresses(Route route) {
    return item.has("suppress_prefixlen")
        && route.destination().bits() <= item.get("suppress_prefixlen").number(-1);
  }

  Match match(Flow flow) {
    Match match =
        all(
            address("src", flow.source()),
            address("dst", flow.destination()),
            input(flow),
            output(flow),
            mark(flow),
            trafficClass(flow),
            protocol(flow),
            port("sport", flow.sourcePort()),
            port("dport", flow.destinationPort()),
            // Who sends is not recorded; what is forwarded, nobody here sends.
            item.has("uid_start") ? Match.UNKNOWN : Match.YES,
            item.has("tun_id") ? Match.UNKNOWN : Match.YES);
    if (!item.has("not") || match == Match.UNKNOWN) {
      return match;
    }
    return match == Match.YES ? Match.NO : Match.YES;
  }

  private static Match all(Match... matches) {
    List<Match> all = List.of(matches);
    if (all.contains(Match.NO)) {
      return Match.NO;
    }
    return all.contains(Match.UNKNOWN) ? Match.UNKNOWN : Match.YES;
  }

  private Match address(String name, java.net.InetAddress address) {
    String text = item.get(name).text();
    if (text.isEmpty()) {
      return Match.YES;
    }
    Prefix prefix =
        Prefix.of(
            item.get(name + "len").present() ? text + "/" + item.get(name + "len").text() : text,
            ipv6);
    return prefix == null ? Match.UNKNOWN : of(prefix.contains(address));
  }

  private Match input(Flow flow) {
    if (!item.has("iif")) {
      return Match.YES;
    }
    if (item.has("iif_detached")) {
      return Match.NO;
    }
    return flow.input() == null ? Match.UNKNOWN : of(item.get("iif").text().equals(flow.input()));
  }

  /** Only a socket that is bound to a device asks for one. */
  private Match output(Flow flow) {
    if (!item.has("oif")) {
      return Match.YES;
    }
    boolean bound = flow.input() == null || flow.input().equals(Flow.LOOPBACK);
    return bound && !item.has("oif_detached") ? Match.UNKNOWN : Match.NO;
  }

  private Match mark(Flow flow) {
    if (!item.has("fwmark")) {
      return Match.YES;
    }
    long mask = item.get("fwmask").number(ALL_BITS);
    return of((flow.mark() & mask) == (item.get("fwmark").number(-1) & mask));
  }

  private Match trafficClass(Flow flow) {
    Json tos = item.get(item.has("tos") ? "tos" : "dsfield");
    if (!tos.present()) {
      return Match.YES;
    }
    long asked = tos.number(-1);
    return asked < 0 ? Match.UNKNOWN : of(TrafficClass.same((int) asked, flow.trafficClass()));
  }

  private Match protocol(Flow flow) {
    String name = item.get("ipproto").text();
    if (name.isEmpty()) {
      return Match.YES;
    }
    long number = PROTOCOLS.containsKey(name) ? PROTOCOLS.get(name) : Numbers.of(name, -1);
    return number < 0 || flow.protocol() < 0 ? Match.UNKNOWN : of(number == flow.protocol());
  }

  private Match port(String name, int port) {
    boolean range = item.has(name + "_start");
    if (!range && !item.has(name)) {
      return Match.YES;
    }
    if (port < 0) {
      return Match.UNKNOWN;
    }
    long first = item.get(range ? name + "_start" : name).number(-1);
    long last = item.get(range ? name + "_end" : name).number(-1);
    return of(first <= port && port <= last);
  }

  private static Match of(boolean yes) {
    return yes ? Match.YES : Match.NO;
  }

  /** Returns it as {@code ip rule} prints it. */
  String text() {
    StringBuilder text = new StringBuilder().append(priority()).append(':');
    if (item.has("not")) {
      text.append(" not");
    }
    text.append(" from ").append(prefix("src"));
    if (item.has("dst")) {
      text.append(" to ").append(prefix("dst"));
    }
    for (String name : List.of("tos", "iif", "oif", "ipproto")) {
      if (item.has(name)) {
        text.append(' ').append(name).append(' ').append(item.get(name).text());
      }
    }
    if (item.has("fwmark")) {
      text.append(" fwmark ").append(item.get("fwmark").text());
      text.append(item.has("fwmask") ? "/" + item.get("fwmask").text() : "");
    }
    for (String name : List.of("sport", "dport")) {
      if (item.has(name + "_start")) {
        text.append(' ').append(name).append(' ').append(item.get(name + "_start").text());
        text.append('-').append(item.get(name + "_end").text());
      } else if (item.has(name)) {
        text.append(' ').append(name).append(' ').append(item.get(name).text());
      }
    }
    if (leadsToTable()) {
      text.append(" lookup ").append(table());
    }
    return text.append(refusal().isEmpty() ? "" : " " + refusal()).toString();
  }

  private String prefix(String name) {
    String length = item.get(name + "len").text();
    return item.get(name).text() + (length.isEmpty() ? "" : "/" + length);
  }
}
