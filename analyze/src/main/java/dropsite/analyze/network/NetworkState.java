package dropsite.analyze.network;

import dropsite.analyze.box.Box;
import dropsite.capture.host.SnapshotPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a network namespace was like at one moment, before or after a recording; each part is read
 * when it is first asked for.
 */
final class NetworkState {
  /** What routes, neighbours, devices and settings are read from. */
  private static final List<String> STANDING =
      List.of(
          "ip-link",
          "ip-addr",
          "ip-route",
          "ip-route6",
          "ip-rule",
          "ip-rule6",
          "ip-neigh",
          "tc-filter",
          "sysctl");

  private static final List<String> WORDS_BEFORE_FILTER_PLACE = List.of("filter", "show", "dev");

  private final Box box;
  private final long netns;
  private final boolean after;
  private final boolean gaps;
  private final Map<String, Object> read = new HashMap<>();

  NetworkState(Box box, long netns, boolean after) {
    this.box = box;
    this.netns = netns;
    this.after = after;
    this.gaps = box.hasGaps();
  }

  boolean after() {
    return after;
  }

  /** Returns whether anything is known of the namespace at that moment. */
  boolean known() {
    return has("ip-link") || has("sysctl") || has("snmp");
  }

  /** Returns whether counters moved between recordings too. */
  boolean hasGaps() {
    return gaps;
  }

  /** Returns whether all is known of what stands: what is not found then was not there. */
  boolean whole() {
    return kept("whole", name -> STANDING.stream().allMatch(this::had));
  }

  /** Returns whether a part has something in it, and nothing of it is missing. */
  boolean has(String part) {
    return part(part).isPresent() && had(part);
  }

  /**
   * Returns whether nothing of a part is missing; a part that there was no need for is not there.
   */
  boolean had(String part) {
    return kept("had " + part, name -> box.had(part, netns, after));
  }

  /** Returns how the namespace routes; null when not recorded. */
  @Nullable Routing routing(boolean ipv6) {
    String suffix = ipv6 ? "6" : "";
    return part("ip-route" + suffix)
        .map(routes ->
            kept(
                "routing" + suffix,
                name ->
                    Routing.of(
                        part("ip-rule" + suffix).map(SnapshotPart::bytes).orElse(null),
                        routes.bytes(),
                        ipv6)))
        .orElse(null);
  }

  Sysctls sysctls() {
    return kept("sysctl", name -> new Sysctls(bytes(name)));
  }

  /** Returns the devices by name. */
  Map<String, Link> links() {
    return kept(
        "ip-link",
        name -> {
          Map<String, Link> links = new LinkedHashMap<>();
          JsonList.read(bytes(name), item -> links.put(item.get("ifname").text(), Link.of(item)));
          return links;
        });
  }

  /** Returns the devices that have an address, by the address in numbers. */
  Map<java.net.InetAddress, String> addresses() {
    return kept(
        "ip-addr",
        name -> {
          Map<java.net.InetAddress, String> addresses = new HashMap<>();
          JsonList.read(
              bytes(name),
              item ->
                  item.get("addr_info")
                      .items()
                      .forEach(info -> {
                        java.net.InetAddress address = Prefix.address(info.get("local").text());
                        if (address != null) {
                          addresses.put(address, item.get("ifname").text());
                        }
                      }));
          return addresses;
        });
  }

  /** Returns the neighbours by device and address. */
  Map<List<String>, Neighbour> neighbours() {
    return kept(
        "ip-neigh",
        name -> {
          Map<List<String>, Neighbour> neighbours = new HashMap<>();
          JsonList.read(
              bytes(name),
              item -> {
                Neighbour each = Neighbour.of(item);
                neighbours.put(List.of(each.device(), each.address()), each);
              });
          return neighbours;
        });
  }

  /** Returns the queueing disciplines by device. */
  Map<String, List<Qdisc>> qdiscs() {
    return kept(
        "tc-qdisc",
        name -> {
          Map<String, List<Qdisc>> qdiscs = new HashMap<>();
          JsonList.read(
              bytes(name),
              item -> {
                Qdisc each = Qdisc.of(item);
                qdiscs.computeIfAbsent(each.device(), device -> new ArrayList<>()).add(each);
              });
          return qdiscs;
        });
  }

  /** Returns the filters of tc. */
  List<Filter> filters() {
    return kept(
        "tc-filter",
        name -> {
          List<Filter> filters = new ArrayList<>();
          for (SnapshotPart part : parts(name)) {
            List<String> words = List.of(part.origin().split(" ", -1));
            int place = java.util.Collections.indexOfSubList(words, WORDS_BEFORE_FILTER_PLACE);
            if (place >= 0 && place + 4 < words.size()) {
              String device = words.get(place + 3);
              String where = String.join(" ", words.subList(place + 4, words.size()));
              JsonList.read(part.bytes(), item -> filters.addAll(Filter.of(item, device, where)));
            }
          }
          return filters;
        });
  }

  /** Returns what {@code ethtool -S} counts, by device: it was asked of network cards alone. */
  Map<String, Map<String, Long>> cards() {
    return kept(
        "ethtool",
        name -> {
          Map<String, Map<String, Long>> cards = new HashMap<>();
          for (SnapshotPart part : parts(name)) {
            cards.put(
                part.origin().substring(part.origin().lastIndexOf(' ') + 1),
                Counters.card(part.bytes()));
          }
          return cards;
        });
  }

  /** Returns the counters of the namespace, under the names of {@code nstat}. */
  Map<String, Long> counters() {
    return kept(
        "counters",
        name -> {
          Map<String, Long> counters = new HashMap<>();
          counters.putAll(Counters.pairs(bytes("snmp")));
          counters.putAll(Counters.pairs(bytes("netstat")));
          counters.putAll(Counters.lines(bytes("snmp6"), ""));
          counters.putAll(Counters.lines(bytes("xfrm_stat"), ""));
          counters.putAll(Counters.sockets(bytes("sockstat")));
          counters.putAll(Counters.table(bytes("conntrack_stat"), "conntrack."));
          counters.putAll(Counters.table(bytes("arp_cache"), "arp."));
          counters.putAll(Counters.table(bytes("ndisc_cache"), "ndisc."));
          counters.putAll(Counters.softnet(bytes("softnet_stat")));
          return counters;
        });
  }

  private List<SnapshotPart> parts(String name) {
    return box.parts().stream()
        .filter(part -> part.name().equals(name) && part.netns() == netns)
        .filter(part -> (part.phase() == SnapshotPart.Phase.AFTER) == after)
        .toList();
  }

  private Optional<SnapshotPart> part(String name) {
    return after ? box.after(name, netns) : box.before(name, netns);
  }

  private byte[] bytes(String name) {
    return part(name).map(SnapshotPart::bytes).orElse(new byte[0]);
  }

  /** When a part was taken, CLOCK_REALTIME in nanoseconds; 0 when it was not. */
  long realNanos(String part) {
    return part(part).map(SnapshotPart::realNanos).orElse(0L);
  }

  @SuppressWarnings("unchecked") // each name is read by one method alone
  private <T> T kept(String name, Function<String, T> reader) {
    Object known = read.get(name);
    if (known == null) {
      known = reader.apply(name);
      read.put(name, known);
    }
    return (T) known;
  }
}
