package dropsite.capture.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program whose output is part of a snapshot. None of them may load a module or change anything:
 * each says what has to be there before it may run.
 *
 * @param name of the part
 * @param modules one of which has to be in the kernel; none for what every kernel has
 * @param list file below /proc/net of the namespace that has to name something; empty for none
 * @param program its name, or several of which the first that fits is run
 * @param arguments of it
 */
record SnapshotStep(
    String name, List<String> modules, String list, List<String> program, List<String> arguments) {

  static final String TC_QDISC = "tc-qdisc";
  static final String TC_FILTER = "tc-filter";
  static final String ETHTOOL = "ethtool";

  private static final String NFT = "nft";
  private static final String LEGACY = "legacy";

  /** Whether devices have addresses of IPv6; without it, ip -6 has nothing to ask. */
  private static final String IPV6 = "if_inet6";

  static final List<SnapshotStep> ALL =
      List.of(
          of("nft", List.of("nf_tables"), "", "nft", "-j", "-a", "list", "ruleset"),
          legacy("iptables", List.of("ip_tables"), "ip_tables_names"),
          legacy("ip6tables", List.of("ip6_tables"), "ip6_tables_names"),
          legacy("arptables", List.of("arp_tables"), "arp_tables_names"),
          legacy("ebtables", List.of("ebtable_filter", "ebtable_nat", "ebtable_broute"), ""),
          overNft("iptables"),
          overNft("ip6tables"),
          overNft("arptables"),
          overNft("ebtables"),
          of("ipset", List.of("ip_set"), "", "ipset", "save"),
          ip("ip-link", "", "-s", "-j", "link", "show"),
          ip("ip-addr", "", "-j", "addr", "show"),
          ip("ip-route", "", "-4", "-j", "route", "show", "table", "all"),
          ip("ip-route6", IPV6, "-6", "-j", "route", "show", "table", "all"),
          ip("ip-rule", "", "-4", "-j", "rule", "show"),
          ip("ip-rule6", IPV6, "-6", "-j", "rule", "show"),
          ip("ip-neigh", "", "-s", "-j", "neigh", "show"),
          of(TC_QDISC, List.of(), "", "tc", "-s", "-j", "qdisc", "show"),
          of(TC_FILTER, List.of(), "", "tc", "-s", "-j", "filter", "show"),
          of(ETHTOOL, List.of(), "", "ethtool", "-S"));

  private static SnapshotStep of(
      String name, List<String> modules, String list, String program, String... arguments) {
    return new SnapshotStep(name, modules, list, List.of(program), List.of(arguments));
  }

  private static SnapshotStep ip(String name, String list, String... arguments) {
    return of(name, List.of(), list, "ip", arguments);
  }

  /**
   * A saver of the old tables, which creates the table it is asked about; asked about none, it
   * takes those of the list, which are there. That of ebtables asks for the modules that are
   * loaded.
   */
  private static SnapshotStep legacy(String family, List<String> modules, String list) {
    return new SnapshotStep(
        family + "-" + LEGACY,
        modules,
        list,
        List.of(family + "-legacy-save", family + "-save"),
        list.isEmpty() ? List.of() : List.of("-c"));
  }

  /**
   * A saver that asks nf_tables, and nft_compat about versions of matches: a question that would
   * load it. Rules that need no such match are in the output of nft anyway.
   */
  private static SnapshotStep overNft(String family) {
    return new SnapshotStep(
        family + "-" + NFT,
        List.of("nft_compat"),
        "",
        List.of(family + "-nft-save", family + "-save"),
        List.of("-c"));
  }

  /** Returns the program's path and arguments; empty when it is not installed. */
  Optional<List<String>> command(Runner runner) {
    for (String each : program) {
      Optional<Path> path =
          runner.find(each).filter(found -> isTheRightSaver(runner.target(found)));
      if (path.isPresent()) {
        List<String> command = new ArrayList<>(List.of(path.get().toString()));
        command.addAll(arguments);
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }

  /** Under the plain name lies either saver, by links that lead to a name that tells which. */
  private boolean isTheRightSaver(String target) {
    return program.size() == 1 || target.contains(NFT) == name.endsWith("-" + NFT);
  }
}
