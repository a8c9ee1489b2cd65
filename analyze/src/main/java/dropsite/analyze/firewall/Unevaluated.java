package dropsite.analyze.firewall;

/** Why a condition cannot be told from a recording, in words. */
final class Unevaluated {
  static final String CONNTRACK = "what connection tracking knew of it is not in the recording";
  static final String LIMIT = "how much of the limit was used up is not in the recording";
  static final String OWNER = "who owns its socket is not in the recording";
  static final String ROUTING = "what routing says of the address is not evaluated";
  static final String CHANCE = "it is left to chance";
  static final String TIME = "the box's time of day is not evaluated";
  static final String CONTENT = "what it does with the packet's bytes is not evaluated";

  private Unevaluated() {}

  /** Returns why a match of xtables or an expression of nft is not evaluated. */
  static String because(String name) {
    return switch (name) {
      case "conntrack",
          "state",
          "connmark",
          "connlimit",
          "connbytes",
          "connlabel",
          "helper",
          "cluster",
          "ct",
          "ct count",
          "connlimits" ->
          CONNTRACK;
      case "limit", "hashlimit", "quota", "rateest", "recent" -> LIMIT;
      case "owner", "socket", "cgroup" -> OWNER;
      case "addrtype", "rpfilter", "realm", "policy", "fib", "rt", "ipsec" -> ROUTING;
      case "statistic", "numgen", "nth", "random" -> CHANCE;
      case "time" -> TIME;
      case "u32", "bpf", "string", "tcp option", "exthdr", "tcpmss", "sctp chunk" -> CONTENT;
      case "set" -> "whether the set took it is not in the recording";
      default -> "dropsite does not evaluate " + name;
    };
  }
}
