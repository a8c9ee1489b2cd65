package dropsite.analyze.firewall;

import dropsite.analyze.box.Box;
import dropsite.capture.host.SnapshotPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a network namespace, when recording began and when it had ended.
 *
 * @param start when the namespace was first met; empty when no snapshot was taken
 * @param end empty likewise
 * @param startUsed those of start but those whose counters show that they matched nothing
 * @param endUsed those of end likewise
 * @param added whether end has what start lacks
 * @param gaps whether they are of several recordings, between which counters moved too
 */
record Rulesets(
    Ruleset start, Ruleset end, Ruleset startUsed, Ruleset endUsed, boolean added, boolean gaps) {
  /** More of a part is not read. */
  private static final int MOST_BYTES = 32 << 20;

  private static final String NFT = "nft";
  private static final String IPSET = "ipset";
  private static final List<String> SAVED =
      List.of(
          "iptables-legacy",
          "ip6tables-legacy",
          "arptables-legacy",
          "ebtables-legacy",
          "iptables-nft",
          "ip6tables-nft",
          "arptables-nft",
          "ebtables-nft");

  /** Where the parts of one moment are found. */
  private record Moment(Box box, long netns, boolean after) {
    Optional<SnapshotPart> part(String name) {
      return after ? box.after(name, netns) : box.before(name, netns);
    }

    boolean had(String name) {
      return box.had(name, netns, after)
          && part(name).stream().allMatch(part -> part.bytes().length <= MOST_BYTES);
    }
  }

  /** Reads what a box's snapshots hold of a namespace. */
  static Rulesets of(Box box, long netns) {
    Moment before = new Moment(box, netns, false);
    Moment after = new Moment(box, netns, true);
    // A rule is to be found again under the same name: in text at both moments, or at none.
    boolean both = before.part(NFT).isPresent() && after.part(NFT).isPresent();
    List<String> names = new ArrayList<>();
    for (String name : SAVED) {
      boolean alike =
          before.part(name).isPresent() == after.part(name).isPresent()
              && before.had(name)
              && after.had(name);
      if (!name.endsWith("-" + NFT) || !both || alike) {
        names.add(name);
      }
    }
    Ruleset start = read(before, names);
    Ruleset end = read(after, names);
    return new Rulesets(
        start,
        end,
        start.without((chain, rule) -> countedAlike(rule, end.same(chain, rule))),
        end.without((chain, rule) -> {
          FirewallRule earlier = start.same(chain, rule);
          return earlier == null ? isZero(rule.counter()) : countedAlike(rule, earlier);
        }),
        end.addsTo(start),
        box.hasGaps());
  }

  /** Returns those that a packet is to be walked through. */
  List<Ruleset> walked() {
    return added ? List.of(startUsed, endUsed) : List.of(startUsed);
  }

  private static boolean countedAlike(FirewallRule rule, @Nullable FirewallRule other) {
    return other != null
        && rule.counter() != null
        && other.counter() != null
        && rule.counter().packets() == other.counter().packets();
  }

  private static boolean isZero(@Nullable Counter counter) {
    return counter != null && counter.packets() == 0;
  }

  private static Ruleset read(Moment moment, List<String> names) {
    // What a set that breaks off does not hold it may hold all the same.
    Ipsets sets =
        moment
            .part(IPSET)
            .filter(part -> moment.had(IPSET))
            .map(part -> Ipsets.read(text(part)))
            .orElse(Ipsets.NONE);
    List<Chain> chains = new ArrayList<>();
    Set<List<String>> tables = new HashSet<>();
    Set<String> missing = new HashSet<>();
    for (String name : names) {
      SnapshotPart part = moment.part(name).orElse(null);
      boolean whole = moment.had(name);
      if (part != null) {
        String text = text(part);
        Tool tool = Tool.of(part);
        whole &= !breaksOff(text, tool);
        List<Chain> read = SavedText.read(whole ? text : wholeLines(text), tool, sets);
        chains.addAll(read);
        if (name.endsWith("-" + NFT)) {
          read.forEach(chain -> tables.add(List.of(chain.family(), chain.table())));
        }
      }
      if (!whole) {
        missing.add(name);
      }
    }
    SnapshotPart nft = moment.part(NFT).orElse(null);
    if (!moment.had(NFT)) {
      missing.add(NFT);
    }
    if (nft != null) {
      NftJson read = NftJson.read(nft.bytes(), length(nft), Tool.of(nft));
      if (read.cut()) {
        missing.add(NFT);
      }
      for (Chain chain : read.chains()) {
        // What iptables and its like made is read as they print it: they tell more than nft.
        if (!tables.contains(List.of(chain.family(), chain.table()))) {
          chains.add(chain);
        }
      }
    }
    return new Ruleset(chains, missing);
  }

  /** iptables-save ends each table with a line that says COMMIT; the others do not. */
  private static boolean breaksOff(String text, Tool tool) {
    int lastTable = text.startsWith("*") ? 0 : -1;
    return tool.syntax() == Tool.Syntax.IPTABLES
        && text.lastIndexOf("\nCOMMIT") < Math.max(lastTable, text.lastIndexOf("\n*"));
  }

  /** The last line of a text that breaks off may be half a rule, which asks for less. */
  private static String wholeLines(String text) {
    return text.substring(0, text.lastIndexOf('\n') + 1);
  }

  private static int length(SnapshotPart part) {
    return Math.min(part.bytes().length, MOST_BYTES);
  }

  private static String text(SnapshotPart part) {
    return new String(part.bytes(), 0, length(part), StandardCharsets.UTF_8);
  }
}
