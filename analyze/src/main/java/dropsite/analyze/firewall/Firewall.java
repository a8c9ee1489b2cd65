package dropsite.analyze.firewall;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attributor;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.firewall.Clue.Presence;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketHeaders;
import dropsite.analyze.network.RuleEngines;
import dropsite.analyze.network.WayOut;
import dropsite.capture.DropEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Names the firewall's rule or policy that dropped a packet: walks it through the rules that stood
 * at its hook, and looks at whose counters moved. docs/firewall.md tells what is matched.
 */
public final class Firewall implements Attributor {
  /** About what takes some seconds. */
  private static final long MOST_COMPARISONS = 100_000_000;

  private static final long MOST_COMPARISONS_EACH = 2_000_000;

  private final RuleEngines engines = new RuleEngines();
  private final Budget budget;
  private final IdentityHashMap<Box, Map<Long, Space>> read = new IdentityHashMap<>();

  /** What is read once of a network namespace. */
  private record Space(Rulesets rules, WayOut wayOut) {}

  /** Prepares one for an analysis. */
  public Firewall() {
    this(MOST_COMPARISONS);
  }

  Firewall(long comparisons) {
    budget = new Budget(comparisons);
  }

  /**
   * Returns whether the work it may do is done: what is asked from then on is answered in part or
   * not at all.
   */
  boolean exhausted() {
    return budget.usedUp();
  }

  @Override
  public List<String> limits() {
    return exhausted()
        ? List.of(
            "there are too many packets and firewall rules to hold them all against each other: of"
                + " the later ones no rule is named")
        : List.of();
  }

  @Override
  public List<Attribution> attribute(DropCase drop) {
    Hook hook = Hook.ofClass(drop.classification().classId());
    EventFacts facts = drop.facts();
    DropEvent event = facts.drop();
    Long netns = facts.netns();
    if (hook == null || event == null || netns == null || budget.usedUp()) {
      return List.of();
    }
    Space space =
        read.computeIfAbsent(drop.box(), box -> new HashMap<>())
            .computeIfAbsent(
                netns,
                inode -> new Space(Rulesets.of(drop.box(), inode), new WayOut(drop.box(), inode)));
    Rulesets rules = space.rules();
    PacketAtHook packet = new PacketAtHook(event.packet(), facts.interfaceName(), hook);
    String routed = routedDevice(space.wayOut(), hook, facts, event, packet);
    if (routed != null) {
      packet.leavesBy(routed);
    }
    String family = hook.chains(event.packet().protocol() & 0xffff);
    List<Clue> clues = new ArrayList<>();
    Optional<String> engine = engines.engine(drop);
    Predicate<Tool> asked = tool -> tool.engine().equals(engine.orElse(tool.engine()));
    boolean whole = !rules.start().mayLack(family, asked) && !rules.end().mayLack(family, asked);
    for (Ruleset each : rules.walked()) {
      Budget own = new Budget(MOST_COMPARISONS_EACH);
      PacketAtHook earlier = each.marks() ? packet.withoutMark() : packet;
      Walk walk = new Walk(each, packet, earlier, own);
      // Those of another engine let the packet pass: it was freed elsewhere.
      List<Chain> chains =
          each.on(family, hook.name()).stream().filter(chain -> asked.test(chain.tool())).toList();
      for (Suspect suspect : walk.through(chains)) {
        Clue clue = clue(suspect, rules, each);
        if (clue != null && !clue.ruledOut()) {
          clues.add(clue);
        }
      }
      whole &= walk.complete();
      budget.take(own.used());
    }
    boolean anySure = clues.stream().anyMatch(clue -> clue.suspect().sure());
    clues.removeIf(clue -> anySure && clue.suspect().chain().maybeHangs());
    return new Judgement(
            clues, hook, drop.count(), whole, drop.classification().confidence(), routed)
        .attributions();
  }

  /** The device a packet leaves by is not yet set where it is sent and where it is forwarded. */
  private static @Nullable String routedDevice(
      WayOut wayOut, Hook hook, EventFacts facts, DropEvent event, PacketAtHook packet) {
    boolean output = hook.name().equals("output");
    boolean ip = hook.family().equals("ip") || hook.family().equals("ip6");
    if (!ip || packet.get(Field.OUT) != null || (!output && !hook.name().equals("forward"))) {
      return null;
    }
    return wayOut.device(PacketHeaders.of(event.packet()), output ? null : facts.interfaceName());
  }

  /** Returns null for what was met in the ruleset before, and is in the one after too. */
  private static @Nullable Clue clue(Suspect suspect, Rulesets rules, Ruleset met) {
    boolean atStart = met == rules.startUsed();
    Ruleset other = atStart ? rules.end() : rules.start();
    Counter counter = counter(suspect.chain(), suspect.rule());
    Chain chain = other.same(suspect.chain());
    FirewallRule rule =
        suspect.rule() == null || chain == null ? null : other.same(chain, suspect.rule());
    boolean there =
        suspect.rule() == null
            ? chain != null && chain.policy() == suspect.chain().policy()
            : rule != null;
    if (!there && !other.tellsAllOf(suspect.chain().tool())) {
      return new Clue(
          suspect,
          Presence.ALONE,
          atStart ? counter : null,
          atStart ? null : counter,
          rules.gaps());
    }
    if (!atStart) {
      return there ? null : new Clue(suspect, Presence.ADDED, null, counter, rules.gaps());
    }
    return there && chain != null
        ? new Clue(suspect, Presence.BOTH, counter, counter(chain, rule), rules.gaps())
        : new Clue(suspect, Presence.GONE, counter, null, rules.gaps());
  }

  private static @Nullable Counter counter(Chain chain, @Nullable FirewallRule rule) {
    return rule == null ? chain.policyCounter() : rule.counter();
  }
}
