package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.CommandTemplate;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.network.SilentDrop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Drops that are one finding: at one place, for one cause. */
final class Group {
  /** Of a finding; the flame graph of a million stacks would be read by nobody. */
  private static final int MOST_STACKS = 200;

  private static final int MOST_ATTRIBUTIONS = 8;

  private final int box;
  private final FindingKey key;
  private final @Nullable Namespace namespace;
  private final Classification classification;
  private final @Nullable DropReason reason;
  private final EventFacts facts;
  private final List<DropKind> kinds = new ArrayList<>();
  private final Map<List<String>, Attribution> attributions = new LinkedHashMap<>();
  private final Map<Integer, CountedStack> stacks = new LinkedHashMap<>();
  private final Tally<String> who = new Tally<>();
  private final Tally<PacketSummary> packets = new Tally<>();
  private final Tally<String> interfaces = new Tally<>();
  private final Tally<String> namespaces = new Tally<>();
  private Map<List<Object>, Long> claims = Map.of();
  private long lossesLeftOut;
  private long count;
  private long unseen;
  private @Nullable Long firstNanos;
  private @Nullable Long lastNanos;

  Group(int box, FindingKey key, @Nullable Namespace namespace, DropKind first) {
    this.box = box;
    this.key = key;
    this.namespace = namespace;
    this.classification = first.classification();
    this.reason = first.reason();
    this.facts = first.facts();
  }

  /** What a counter alone saw lost, which has no kinds. */
  Group(int box, FindingKey key, @Nullable Namespace namespace, SilentDrop silent) {
    this.box = box;
    this.key = key;
    this.namespace = namespace;
    this.classification = silent.classification();
    this.reason = null;
    this.facts = EventFacts.ofDevice(silent.interfaceName(), silent.netns());
    this.count = silent.count();
    this.firstNanos = silent.beforeNanos();
    this.lastNanos = silent.afterNanos();
    interfaces.add(silent.interfaceName(), count);
    namespaces.add(namespace == null ? null : namespace.inWords(), count);
  }

  void add(DropKind kind, List<Attribution> found) {
    kinds.add(kind);
    count += kind.count();
    stacks.merge(
        kind.stackNumber(),
        new CountedStack(kind.stack(), kind.count()),
        (known, more) -> new CountedStack(known.stack(), known.count() + more.count()));
    for (Attribution each : found) {
      if (attributions.size() < MOST_ATTRIBUTIONS) {
        attributions.merge(
            each.identity(),
            each,
            (known, other) -> other.confidence().compareTo(known.confidence()) > 0 ? other : known);
      }
    }
  }

  void noteUnseen(long differentPackets) {
    unseen += differentPackets;
  }

  /**
   * Adds what a row of the event table tells.
   *
   * @param space its namespace in words; empty when not recorded
   */
  void add(EventTable events, int row, String space) {
    int times = events.count(row);
    who.add(events.comm(row), times);
    packets.add(events.packet(row), times);
    interfaces.add(events.interfaceName(row), times);
    if (!space.isEmpty()) {
      namespaces.add(space, times);
    }
    long nanos = events.timeNanos(row);
    if (nanos != EventTable.NO_TIME) {
      firstNanos = firstNanos == null ? nanos : Math.min(firstNanos, nanos);
      lastNanos = lastNanos == null ? nanos : Math.max(lastNanos, nanos);
    }
  }

  /**
   * Adds what is put down here to a counter.
   *
   * @param all that findings of the box put down to counters; complete before findings are asked
   *     for
   * @param leftOut losses of the box that nobody asked for, which may be any counter's
   */
  void claim(Map<List<Object>, Long> all, long leftOut) {
    attributions.values().stream()
        .limit(1)
        .forEach(cause -> all.merge(counter(cause), count, Long::sum));
    claims = all;
    lossesLeftOut = leftOut;
  }

  /** Returns which counter proves something: of this namespace, or of the whole box. */
  private List<Object> counter(Attribution attribution) {
    boolean ofBox = attribution.commands().stream().noneMatch(NextStep::ofNamespace);
    return List.of(
        attribution.counter(),
        String.valueOf(attribution.counterDelta()),
        String.valueOf(ofBox ? null : facts.netns()));
  }

  long count() {
    return count;
  }

  int box() {
    return box;
  }

  List<DropKind> kinds() {
    return kinds;
  }

  Classification classification() {
    return classification;
  }

  /** Returns whether no freed packet shows it. */
  boolean silent() {
    return kinds.isEmpty();
  }

  /** Returns the network namespace by name or number; empty where it makes no difference. */
  String space() {
    return key.namespace();
  }

  /** Returns a name made from what the finding is; findings of several boxes may share it. */
  String id() {
    return key.id();
  }

  /**
   * Returns the finding.
   *
   * @param id that no other finding of the report has
   * @param of the box that they happened on
   */
  Finding finding(String id, Box of) {
    CommandTemplate commands = new CommandTemplate(facts, of);
    Classification told = classification.filled(commands);
    List<Attribution> found =
        attributions.values().stream()
            .map(this::asFarAsCounted)
            .sorted(Comparator.comparing(Attribution::confidence).reversed())
            .map(each -> each.withCommands(commands.inNamespace(each.commands())))
            .toList();
    if (!found.isEmpty() && found.getFirst().confidence() == Confidence.HIGH) {
      told = told.withoutCauses();
    }
    if (unseen > 0) {
      told =
          told.with(
              unseen + " more kinds of packets were not looked up in the snapshots one by one");
    }
    return new Finding(
        id,
        box,
        told,
        reason,
        count,
        firstNanos,
        lastNanos,
        stacks.values().stream()
            .sorted(Comparator.comparingLong(CountedStack::count).reversed())
            .limit(MOST_STACKS)
            .toList(),
        namespace,
        found,
        who.ranking(word -> word),
        packets.ranking(PacketSummary::inWords),
        interfaces.ranking(word -> word),
        namespaces.ranking(word -> word));
  }

  /** What counted fewer packets than are put down to it cannot have dropped them all. */
  private Attribution asFarAsCounted(Attribution attribution) {
    Long counted = attribution.counterDelta();
    boolean cause = attribution.sameThing(attributions.values().iterator().next());
    long claimed = claims.getOrDefault(counter(attribution), 0L) + (cause ? 0 : count);
    if (counted == null || counted >= claimed + lossesLeftOut) {
      return attribution;
    }
    if (counted >= claimed) {
      return attribution.doubted(
          Confidence.MEDIUM,
          "its counter moved by "
              + counted
              + ", for which events that were left out may have been the cause");
    }
    return attribution.doubted(
        Confidence.LOW,
        "its counter moved by "
            + counted
            + ", and "
            + claimed
            + " packets would be its"
            + (claimed == count ? "" : ", " + count + " here and others in other findings")
            + ": something else dropped the rest");
  }
}
