package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.CommandTemplate;
import dropsite.analyze.input.PacketSummary;
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
  private final DropKind first;
  private final List<DropKind> kinds = new ArrayList<>();
  private final Map<List<String>, Attribution> attributions = new LinkedHashMap<>();
  private final Map<Integer, CountedStack> stacks = new LinkedHashMap<>();
  private final Tally<String> who = new Tally<>();
  private final Tally<PacketSummary> packets = new Tally<>();
  private final Tally<String> interfaces = new Tally<>();
  private final Tally<String> namespaces = new Tally<>();
  private long count;
  private long unseen;
  private @Nullable Long firstNanos;
  private @Nullable Long lastNanos;

  Group(int box, FindingKey key, @Nullable Namespace namespace, DropKind first) {
    this.box = box;
    this.key = key;
    this.namespace = namespace;
    this.first = first;
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

  /** Adds what a row of the event table tells. */
  void add(EventRow row, String space) {
    who.add(row.comm(), row.count());
    packets.add(row.packet(), row.count());
    interfaces.add(row.interfaceName(), row.count());
    if (!space.isEmpty()) {
      namespaces.add(space, row.count());
    }
    Long nanos = row.timeNanos();
    if (nanos != null) {
      firstNanos = firstNanos == null ? nanos : Long.valueOf(Math.min(firstNanos, nanos));
      lastNanos = lastNanos == null ? nanos : Long.valueOf(Math.max(lastNanos, nanos));
    }
  }

  long count() {
    return count;
  }

  int box() {
    return box;
  }

  List<String> cause() {
    return key.cause();
  }

  List<DropKind> kinds() {
    return kinds;
  }

  Classification classification() {
    return first.classification();
  }

  /**
   * Returns the finding.
   *
   * @param host where boxes have to be told apart; empty elsewhere
   * @param of the box that they happened on
   */
  Finding finding(String host, Box of) {
    Classification classification =
        first.classification().filled(new CommandTemplate(first.facts(), of));
    if (unseen > 0) {
      classification =
          classification.with(
              unseen + " more kinds of packets were not looked up in the snapshots one by one");
    }
    return new Finding(
        key.id(host),
        box,
        classification,
        first.reason(),
        count,
        firstNanos,
        lastNanos,
        stacks.values().stream()
            .sorted(Comparator.comparingLong(CountedStack::count).reversed())
            .limit(MOST_STACKS)
            .toList(),
        namespace,
        attributions.values().stream()
            .sorted(Comparator.comparing(Attribution::confidence).reversed())
            .toList(),
        who.ranking(word -> word),
        packets.ranking(PacketSummary::inWords),
        interfaces.ranking(word -> word),
        namespaces.ranking(word -> word));
  }
}
