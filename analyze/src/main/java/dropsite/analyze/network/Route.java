package dropsite.analyze.network;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route as {@code ip route} prints it.
 *
 * @param type {@code unicast}, {@code local}, {@code blackhole}, …
 * @param destination that it is for
 * @param printedDestination the same as the box prints it
 * @param from source addresses that it is for; null for all
 * @param table {@code main}, or the name or number of another
 * @param metric lower ones win
 * @param trafficClass that it is for; 0 for all
 * @param hops where to; none for routes that refuse
 * @param mtuBytes of packets on it; 0 when the device's holds
 * @param kept words that a command that changes it repeats, so that all else stays as it is: ways,
 *     protocol, source and metrics without the MTU; empty where it has several ways, or none
 * @param text as the box prints it, without the table
 */
record Route(
    String type,
    Prefix destination,
    String printedDestination,
    @Nullable Prefix from,
    String table,
    long metric,
    int trafficClass,
    List<Hop> hops,
    long mtuBytes,
    List<String> kept,
    String text) {

  static final String MAIN = "main";
  static final String THROW = "throw";
  private static final List<String> REFUSING = List.of("blackhole", "prohibit", "unreachable");

  /**
   * One way that a route leads.
   *
   * @param gateway null when the destination is on the link itself
   * @param state words such as {@code dead} and {@code linkdown}
   */
  record Hop(@Nullable String gateway, String device, List<String> state) {}

  /** Reads an item of {@code ip -j route show table all}; null when it says no destination. */
  static @Nullable Route of(Json item, boolean ipv6) {
    Prefix destination = Prefix.of(item.get("dst").text(), ipv6);
    Json from = item.get("from");
    Prefix source = from.present() ? Prefix.of(from.text(), ipv6) : null;
    if (destination == null || (from.present() && source == null)) {
      return null;
    }
    String type = item.get("type").present() ? item.get("type").text() : "unicast";
    List<Hop> hops = new ArrayList<>();
    if (item.get("nexthops").present()) {
      item.get("nexthops").items().forEach(hop -> hops.add(hop(hop)));
    } else if (item.get("dev").present()) {
      hops.add(hop(item));
    }
    return new Route(
        type,
        destination,
        item.get("dst").text(),
        source,
        item.get("table").present() ? item.get("table").text() : MAIN,
        item.get("metric").number(0),
        (int) item.get("tos").number(0),
        List.copyOf(hops),
        item.get("metrics").items().stream().mapToLong(m -> m.get("mtu").number(0)).max().orElse(0),
        hops.size() == 1 ? RouteText.kept(item, hops.getFirst()) : List.of(),
        RouteText.of(item, type, hops));
  }

  private static Hop hop(Json item) {
    String gateway =
        item.get("gateway").present()
            ? item.get("gateway").text()
            : item.get("via").get("host").text();
    return new Hop(
        gateway.isEmpty() ? null : gateway, item.get("dev").text(), item.get("flags").texts());
  }

  /** Returns whether packets for it are refused. */
  boolean refuses() {
    return REFUSING.contains(type);
  }

  /** Returns whether it leads to another host. */
  boolean leadsOn() {
    return type.equals("unicast");
  }

  /** Returns whether one of its ways leaves by a device. */
  boolean leavesBy(String device) {
    return hops.stream().anyMatch(hop -> hop.device().equals(device));
  }

  /** Returns the words that name it in a command. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    if (!leadsOn()) {
      words.add(type);
    }
    words.add(printedDestination);
    words.addAll(List.of("table", table));
    if (metric != 0) {
      words.addAll(List.of("metric", Long.toString(metric)));
    }
    return words;
  }
}
