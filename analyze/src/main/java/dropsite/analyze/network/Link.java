package dropsite.analyze.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network device, as {@code ip -s link} prints it.
 *
 * @param flags {@code UP}, {@code NO-CARRIER}, …
 * @param mtuBytes of packets that it takes; 0 when not printed
 * @param queueLength how many packets wait for it (txqueuelen); 0 when not printed
 * @param qdisc kind of its queueing discipline
 * @param state {@code UP}, {@code DOWN}, {@code LOWERLAYERDOWN}, {@code UNKNOWN}, …
 * @param master the bridge, bond or VRF that it belongs to; empty when to none
 * @param programs of XDP on it
 * @param statistics by the names {@code rx.dropped}, {@code tx.errors} and the like
 * @param onBus whether it hangs on a bus, as network cards do
 * @param bond whether it is a bond, whose statistics are its own and the sum of its ports'
 */
record Link(
    String name,
    List<String> flags,
    long mtuBytes,
    long queueLength,
    String qdisc,
    String state,
    String master,
    List<Program> programs,
    Map<String, Long> statistics,
    boolean onBus,
    boolean bond) {

  /**
   * A program of XDP.
   *
   * @param text such as {@code drop_xdp id 9 (generic)}
   * @param hook by which {@code ip link set} detaches it
   */
  record Program(String text, String id, String hook) {
    /** Returns whether the driver or the card runs it, and so not the kernel itself. */
    boolean isDriver() {
      return hook.equals("xdpdrv") || hook.equals("xdpoffload");
    }
  }

  static Link of(Json item) {
    Map<String, Long> statistics = new HashMap<>();
    Json all = item.get("stats64").present() ? item.get("stats64") : item.get("stats");
    for (String way : List.of("rx", "tx")) {
      for (String name : all.get(way).names()) {
        statistics.put(way + "." + name, all.get(way).get(name).number(0));
      }
    }
    List<String> flags = item.get("flags").texts();
    List<Program> programs = new ArrayList<>();
    Json xdp = item.get("xdp");
    List<Json> attached =
        xdp.get("attached").present()
            ? xdp.get("attached").items()
            : xdp.present() ? List.of(xdp) : List.of();
    for (Json each : attached) {
      Json program = each.get("prog");
      String id = program.get("id").text();
      String[] mode = mode(each.get("mode").number(0));
      programs.add(
          new Program((program.get("name").text() + " id " + id).strip() + mode[0], id, mode[1]));
    }
    return new Link(
        item.get("ifname").text(),
        flags,
        item.get("mtu").number(0),
        item.get("txqlen").number(0),
        item.get("qdisc").text(),
        item.get("operstate").text(),
        item.get("master").text(),
        List.copyOf(programs),
        Map.copyOf(statistics),
        item.get("parentbus").present(),
        item.get("linkinfo").get("info_kind").text().equals("bond")
            // VRFs are masters too, which have no use for ARP.
            || (flags.contains("MASTER") && !flags.contains("NOARP")));
  }

  /** Its words for a reader and for {@code ip}: XDP_ATTACHED_* of uapi/linux/if_link.h. */
  private static String[] mode(long number) {
    return switch ((int) number) {
      case 1 -> new String[] {" (driver)", "xdpdrv"};
      case 2 -> new String[] {" (generic)", "xdpgeneric"};
      case 3 -> new String[] {" (offloaded)", "xdpoffload"};
      default -> new String[] {"", "xdp"};
    };
  }

  /** Returns why nothing can leave by it; empty when something can. */
  String deadness() {
    if (!flags.contains("UP")) {
      return "it is switched off";
    }
    if (flags.contains("NO-CARRIER") || !flags.contains("LOWER_UP")) {
      return "it has no carrier";
    }
    return switch (state) {
      case "DOWN", "LOWERLAYERDOWN", "NOTPRESENT" -> "its state is " + state;
      default -> "";
    };
  }

  /** Returns it as {@code ip link} begins its line. */
  String text() {
    return name
        + ": <"
        + String.join(",", flags)
        + "> mtu "
        + mtuBytes
        + " qdisc "
        + qdisc
        + " state "
        + state;
  }
}
