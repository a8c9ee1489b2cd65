package dropsite.analyze.network;

import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.network.Scene.Moments;
import dropsite.analyze.rules.RuleData;
import dropsite.capture.host.SnapshotPart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds packets that were lost without a packet buffer being freed: counters of the snapshots that
 * moved while recording. What a counter means is rule data.
 */
public final class SilentDrops {
  private static final String LINKS = "ip-link";

  /** Frees that nobody counts as dropped. */
  private static final List<String> BENIGN = List.of("benign");

  private final List<SilentRule> counters;
  private final List<SilentRule> devices;
  private final List<SilentRule> cards;
  private final List<SilentRule> software;
  private final List<FreedPackets> freed;
  private final @Nullable Long notHeld;
  private final @Nullable Long recordedNanos;
  private final List<SilentDrop> found = new ArrayList<>();

  private SilentDrops(
      List<FreedPackets> freed, @Nullable Long notHeld, @Nullable Long recordedNanos) {
    this.notHeld = notHeld;
    this.recordedNanos = recordedNanos;
    RuleData data = RuleData.resource(SilentDrops.class, "silent.yaml");
    data.expectOnly(Set.of("steps", "counters", "devices", "cards", "software"));
    RuleData steps = data.get("steps");
    counters = rules(data.get("counters"), steps);
    devices = rules(data.get("devices"), steps);
    cards = rules(data.get("cards"), steps);
    software = rules(data.get("software"), steps);
    this.freed = freed;
  }

  private static List<SilentRule> rules(RuleData data, RuleData steps) {
    return data.items().stream().map(rule -> SilentRule.of(rule, steps)).toList();
  }

  /**
   * Returns what was lost silently, most packets first.
   *
   * @param freed all events of the recordings of that box, also those that nobody asked to be told
   *     of: what counters count of them is taken off
   * @param notHeld how many more events there were, which counters may count too; null when nobody
   *     knows
   * @param recordedNanos how long was recorded; null when not known
   */
  public static List<SilentDrop> of(
      Box box, List<FreedPackets> freed, @Nullable Long notHeld, @Nullable Long recordedNanos) {
    if (box.hasGaps()) {
      return List.of();
    }
    SilentDrops drops = new SilentDrops(freed, notHeld, recordedNanos);
    box.parts().stream()
        .mapToLong(SnapshotPart::netns)
        .filter(netns -> netns != 0)
        .distinct()
        .forEach(netns ->
            drops.look(
                netns,
                new Moments(
                    new NetworkState(box, netns, false), new NetworkState(box, netns, true))));
    drops.found.sort(Comparator.comparingLong(SilentDrop::count).reversed());
    return List.copyOf(drops.found);
  }

  private void look(long netns, Moments states) {
    Map<String, Long> before = states.before().counters();
    Map<String, Long> after = states.after().counters();
    for (SilentRule rule : counters) {
      String part = part(rule.counter());
      Moments.moved(rule.counter(), before, after)
          .ifPresent(moved -> add(rule, moved, netns, null, 0, before, after, states, part));
    }
    states.after().links().forEach((name, link) -> device(netns, states, name, link));
  }

  /** Which part of the snapshot a counter is of, for the time it was read. */
  private static String part(String counter) {
    if (counter.startsWith("Xfrm")) {
      return "xfrm_stat";
    }
    return counter.startsWith("TcpExt") ? "netstat" : counter.startsWith("Ip6") ? "snmp6" : "snmp";
  }

  private void device(long netns, Moments states, String name, Link after) {
    Link before = states.before().links().get(name);
    Map<String, Long> cardAfter = states.after().cards().get(name);
    if (before == null) {
      return; // one that was made meanwhile
    }
    List<String> told = new ArrayList<>();
    for (SilentRule rule : cardAfter != null || after.onBus() ? devices : software) {
      Moments.moved(rule.counter(), before.statistics(), after.statistics())
          .ifPresent(moved -> {
            told.add(rule.counter().substring(0, 2));
            long ofPorts = after.bond() ? ofPorts(name, rule.counter(), states) : 0;
            add(
                rule,
                moved,
                netns,
                name,
                ofPorts,
                before.statistics(),
                after.statistics(),
                states,
                LINKS);
          });
    }
    Map<String, Long> cardBefore = states.before().cards().get(name);
    if (cardBefore == null || cardAfter == null) {
      return;
    }
    for (SilentRule rule : cards) {
      if (!told.contains(rule.way())) {
        cardAfter.keySet().stream()
            .filter(rule::names)
            .map(counter -> Moments.moved(counter, cardBefore, cardAfter))
            .flatMap(Optional::stream)
            .max(Comparator.comparingLong(Movement::delta))
            .ifPresent(moved ->
                add(rule, moved, netns, name, 0, cardBefore, cardAfter, states, "ethtool"));
      }
    }
  }

  /** Returns how far the ports of a bond moved a counter, which it counts again. */
  private static long ofPorts(String bond, String counter, Moments states) {
    return states.after().links().values().stream()
        .filter(port -> port.master().equals(bond))
        .mapToLong(port -> {
          Link before = states.before().links().get(port.name());
          return before == null
              ? 0
              : delta(List.of(counter), before.statistics(), port.statistics());
        })
        .sum();
  }

  private void add(
      SilentRule rule,
      Movement moved,
      long netns,
      @Nullable String device,
      long ofPorts,
      Map<String, Long> before,
      Map<String, Long> after,
      Moments states,
      String part) {
    List<String> evidence = new ArrayList<>();
    evidence.add(moved.inWords());
    long count = moved.delta() - ofPorts - delta(rule.minus(), before, after);
    if (ofPorts > 0) {
      evidence.add(ofPorts + " of these are of its ports, which tell them themselves");
    }
    long seen =
        freed.stream()
            .filter(each ->
                each.isOf(rule.freedAnywhereAs())
                    || (each.netns() == netns
                        && (rule.freedAsAny() ? !each.isOf(BENIGN) : each.isOf(rule.freedAs()))
                        && (device == null || device.equals(each.interfaceName()))))
            .mapToLong(FreedPackets::count)
            .sum();
    seen -= delta(rule.not(), before, after);
    if (seen > 0) {
      evidence.add(
          "the recording holds " + seen + " freed packets that it counts too: they are taken off");
      count -= seen;
    }
    Long more = notHeld(seen, states, part);
    boolean maybeAll = more == null || more >= count;
    if (count <= 0 || (maybeAll && rule.freedAsAny())) {
      return;
    }
    for (String name : rule.more()) {
      Moments.moved(name, before, after).ifPresent(other -> evidence.add(other.inWords()));
    }
    Classification what = rule.classification(device == null ? "" : device, evidence);
    boolean freedToo = !rule.freedAs().isEmpty() || !rule.freedAnywhereAs().isEmpty();
    found.add(
        new SilentDrop(
            freedToo && (more == null || more > 0)
                ? what.doubted(
                    maybeAll ? Confidence.LOW : Confidence.MEDIUM,
                    (more == null ? "an unknown number of" : more)
                        + " dropped packets may not be in the recording (lost, filtered, in other"
                        + " files of it, or dropped while counters were read before and after it):"
                        + " these may be some of them")
                : what,
            count,
            netns,
            device,
            moved.name(),
            moved.before(),
            moved.after(),
            states.before().realNanos(part),
            states.after().realNanos(part)));
  }

  /**
   * Returns how many packets a counter may count that the recording does not hold; null when nobody
   * knows. Counters are read before the recording begins and after it ends: meanwhile packets may
   * have been dropped at the rate of those that it holds.
   */
  private @Nullable Long notHeld(long seen, Moments states, String part) {
    if (notHeld == null || recordedNanos == null || recordedNanos <= 0 || seen <= 0) {
      return notHeld;
    }
    long counted = states.after().realNanos(part) - states.before().realNanos(part);
    double outside = (double) (counted - recordedNanos) / recordedNanos;
    return notHeld + (long) Math.ceil(Math.max(outside, 0) * seen);
  }

  private static long delta(List<String> names, Map<String, Long> before, Map<String, Long> after) {
    return names.stream()
        .map(name -> Moments.moved(name, before, after))
        .flatMap(Optional::stream)
        .mapToLong(Movement::delta)
        .sum();
  }
}
