package dropsite.analyze.firewall;

import dropsite.analyze.network.RuleEngines;
import dropsite.capture.host.SnapshotPart;

/**
 * The program that prints and changes a ruleset.
 *
 * @param part of the snapshot that holds its output
 * @param syntax of what it prints
 * @param family of the hooks its chains hang on; empty when its output tells
 * @param program that a person runs
 */
record Tool(String part, Syntax syntax, String family, String program) {

  /** What a ruleset is written in. */
  enum Syntax {
    /** JSON of nft. */
    NFT,
    /** iptables-save and ip6tables-save. */
    IPTABLES,
    /** arptables-save. */
    ARPTABLES,
    /** ebtables-save. */
    EBTABLES
  }

  private static final String SAVE = "-save";

  /** Returns the engine that its rules are run by. */
  String engine() {
    return part.endsWith("nft") ? RuleEngines.NF_TABLES : RuleEngines.X_TABLES;
  }

  /** Names the program by the one that was run on the box: {@code iptables-legacy-save -c}. */
  static Tool of(SnapshotPart part) {
    String run = part.origin().strip().split("\\s", 2)[0];
    String name = run.substring(run.lastIndexOf('/') + 1);
    boolean plain = name.endsWith(SAVE) && name.matches("[a-z0-9-]{5,40}");
    return of(part.name(), plain ? name.substring(0, name.length() - SAVE.length()) : part.name());
  }

  /** Returns the one whose output a part holds, of whatever name the program is. */
  static Tool ofPart(String name) {
    return of(name, name);
  }

  private static Tool of(String part, String program) {
    return switch (part.split("-", 2)[0]) {
      case "iptables" -> new Tool(part, Syntax.IPTABLES, "ip", program);
      case "ip6tables" -> new Tool(part, Syntax.IPTABLES, "ip6", program);
      case "arptables" -> new Tool(part, Syntax.ARPTABLES, "arp", program);
      case "ebtables" -> new Tool(part, Syntax.EBTABLES, "bridge", program);
      default -> new Tool(part, Syntax.NFT, "", "nft");
    };
  }
}
