package dropsite.capture.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the parts of one network namespace, by the thread that is in it. */
final class SpaceSnapshot {
  /** Below /proc/net; none of them has side effects when read. */
  static final List<String> COUNTERS =
      List.of(
          "snmp",
          "snmp6",
          "netstat",
          "sockstat",
          "sockstat6",
          "xfrm_stat",
          "stat/nf_conntrack",
          "stat/arp_cache",
          "stat/ndisc_cache",
          "stat/rt_cache");

  // /proc/net is that of the process's first thread, which stays where it is.
  private static final String PROC_NET = "proc/thread-self/net/";

  private static final Pattern QDISC =
      Pattern.compile(
          "\"kind\":\"([\\w-]{1,15})\",\"handle\":\"([0-9a-f]{0,4}:)\",\"dev\":\"([!#-\\[\\]-~]{1,15})\"");
  private static final int MOST_FILTER_LISTS = 64;
  private static final int MOST_CARDS = 16;

  static final String SYSCTL = "sysctl";

  /** Qdiscs that filters are attached to in two places, and in one. */
  private static final String CLSACT = "clsact";

  private static final String INGRESS = "ingress";

  private final HostFiles files;
  private final Map<SnapshotStep, List<String>> commands;
  private final Sysctls sysctls;
  private final Links links;
  private final PartTaker taker;

  /** Asks for the devices of the calling thread's namespace. */
  interface Links {
    /** Returns them. */
    List<Link> all() throws IOException;
  }

  SpaceSnapshot(
      HostFiles files,
      Map<SnapshotStep, List<String>> commands,
      Sysctls sysctls,
      Links links,
      PartTaker taker) {
    this.files = files;
    this.commands = commands;
    this.sysctls = sysctls;
    this.links = links;
    this.taker = taker;
  }

  static String partName(String counters) {
    return counters.replace("stat/nf_conntrack", "conntrack_stat").replace("stat/", "");
  }

  void take() throws IOException, InterruptedException {
    byte[] qdiscs = {};
    for (Map.Entry<SnapshotStep, List<String>> each : commands.entrySet()) {
      SnapshotStep step = each.getKey();
      if (!step.list().isEmpty() && files.text(PROC_NET + step.list()).isEmpty()) {
        continue; // this namespace has no such table or address
      }
      List<String> command = each.getValue();
      switch (step.name()) {
        case SnapshotStep.TC_QDISC -> qdiscs = taker.run(step.name(), command);
        case SnapshotStep.TC_FILTER -> {
          for (List<String> where : filterLists(qdiscs)) {
            taker.run(step.name(), joined(command, where));
          }
        }
        case SnapshotStep.ETHTOOL -> {
          for (String card : cards()) {
            taker.run(step.name(), joined(command, List.of(card)));
          }
        }
        default -> taker.run(step.name(), command);
      }
    }
    for (String name : COUNTERS) {
      taker.file(partName(name), PROC_NET + name);
    }
    taker.text(SYSCTL, "/proc/sys/net", () -> sysctls.text(files));
  }

  /** Asking for all filters is not possible: they are asked for by the qdisc they hang on. */
  private static Set<List<String>> filterLists(byte[] qdiscs) {
    Set<List<String>> lists = new LinkedHashSet<>();
    Matcher found = QDISC.matcher(new String(qdiscs, StandardCharsets.ISO_8859_1));
    while (found.find() && lists.size() < MOST_FILTER_LISTS) {
      String kind = found.group(1);
      String handle = found.group(2);
      String device = found.group(3);
      if (device.startsWith("-")) {
        continue; // would be taken for an option
      }
      if (kind.equals(CLSACT) || kind.equals(INGRESS)) {
        lists.add(List.of("dev", device, "ingress"));
        if (kind.equals(CLSACT)) {
          lists.add(List.of("dev", device, "egress"));
        }
      } else if (!handle.equals("0:") && !handle.equals(":")) {
        lists.add(List.of("dev", device, "parent", handle));
      }
    }
    return lists;
  }

  private List<String> cards() throws IOException {
    return links.all().stream()
        .filter(Link::mayBeHardware)
        .map(Link::name)
        .filter(name -> name.matches("[!-,.-~][!-~]*"))
        .limit(MOST_CARDS)
        .toList();
  }

  private static List<String> joined(List<String> command, List<String> more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(more);
    return all;
  }
}
