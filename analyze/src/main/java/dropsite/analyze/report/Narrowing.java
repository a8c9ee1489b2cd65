package dropsite.analyze.report;

import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.rules.NamePatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a report is to tell of. What it leaves out is counted and said.
 *
 * @param span of the events, by their time
 * @param comms names of tasks, each with at most one {@code *} at its beginning or end
 * @param netns network namespaces, by name or inode number
 * @param hosts names of boxes, patterns likewise
 * @param reasons names of drop reasons without prefix, patterns likewise, or numbers
 * @param classes class ids, each standing for its children too
 * @param minCount findings of fewer events are left out
 * @param withoutBenign whether findings that are no loss are left out
 */
public record Narrowing(
    TimeSpan span,
    List<String> comms,
    List<String> netns,
    List<String> hosts,
    List<String> reasons,
    List<String> classes,
    long minCount,
    boolean withoutBenign) {
  private static final String REASON_PREFIX = "SKB_DROP_REASON_";

  /** Leaves nothing out. */
  public static final Narrowing NONE =
      new Narrowing(TimeSpan.ALL, List.of(), List.of(), List.of(), List.of(), List.of(), 0, false);

  /** Copies the lists. */
  public Narrowing {
    comms = List.copyOf(comms);
    netns = List.copyOf(netns);
    hosts = List.copyOf(hosts);
    reasons = List.copyOf(reasons);
    classes = List.copyOf(classes);
  }

  /** Returns whether events of a box are told of. */
  public boolean admitsHost(String host) {
    return hosts.isEmpty() || new NamePatterns(hosts).matches(host);
  }

  /**
   * Returns the same for one boot of a box, of which more is known.
   *
   * @param namespaces of the box, by inode number
   * @param startNanos when its first event was; null when not known
   */
  public Narrowing of(Map<Long, Namespace> namespaces, @Nullable Long startNanos) {
    List<String> inodes = new ArrayList<>(netns);
    namespaces.forEach((inode, namespace) -> {
      if (isOneOf(inode, namespace)) {
        inodes.add(String.valueOf(inode));
      }
    });
    return new Narrowing(
        span.from(startNanos), comms, inodes, hosts, reasons, classes, minCount, withoutBenign);
  }

  /**
   * Returns whether events of a moment and task are told of.
   *
   * @param startNanos when the recording began, on the clock of its events; null when not known
   */
  public boolean admitsMoment(EventFacts facts, @Nullable Long startNanos) {
    return span.contains(facts.timeNanos(), startNanos)
        && (comms.isEmpty()
            || (facts.comm() != null && new NamePatterns(comms).matches(facts.comm())));
  }

  private boolean isOneOf(@Nullable Long inode, @Nullable Namespace namespace) {
    return (inode != null && netns.contains(String.valueOf(inode)))
        || (namespace != null
            && (namespace.names().stream().anyMatch(netns::contains)
                || netns.contains(String.valueOf(namespace.name()))));
  }

  /** Returns whether it asks for times or tasks, of which counters know nothing. */
  boolean asksForMoments() {
    return !span.equals(TimeSpan.ALL) || !comms.isEmpty();
  }

  /**
   * Returns whether drops in a network namespace are told of.
   *
   * @param inode number; null when not known
   */
  public boolean admitsNamespace(@Nullable Long inode, @Nullable Namespace namespace) {
    return netns.isEmpty() || isOneOf(inode, namespace);
  }

  /** Returns whether a kind of drop is told of. */
  public boolean admits(Classification classification, @Nullable DropReason reason) {
    return (classes.isEmpty()
            || classes.stream().anyMatch(each -> isWithin(classification.classId(), each)))
        && (reasons.isEmpty() || (reason != null && isOneOf(reason)));
  }

  private boolean isOneOf(DropReason reason) {
    NamePatterns patterns =
        new NamePatterns(
            reasons.stream()
                .map(each ->
                    each.startsWith(REASON_PREFIX) ? each.substring(REASON_PREFIX.length()) : each)
                .toList());
    return (reason.name() != null && patterns.matches(reason.name()))
        || (reason.number() != null && reasons.contains(String.valueOf(reason.number())));
  }

  private static boolean isWithin(String classId, String ancestor) {
    return classId.equals(ancestor) || classId.startsWith(ancestor + ".");
  }

  /** Returns whether a finding is told of. */
  boolean admits(Group group) {
    return group.count() >= minCount
        && !(withoutBenign && group.classification().severity() == Severity.BENIGN);
  }

  /** Returns the sentence that says how many events were left out. */
  public static String notAskedFor(long events) {
    return Wording.plural(events, "event") + " left out: not asked for";
  }

  /**
   * Returns what was left out, one sentence each.
   *
   * @param events that were not asked for
   */
  List<String> said(long events, List<Group> all) {
    List<String> sentences = new ArrayList<>();
    if (asksForMoments()) {
      sentences.add(
          "what counters alone saw lost is left out: counters know neither times nor tasks");
    }
    if (events > 0) {
      sentences.add(notAskedFor(events));
    }
    List<Group> left = all.stream().filter(group -> !admits(group)).toList();
    if (!left.isEmpty()) {
      long packets = left.stream().filter(Group::silent).mapToLong(Group::count).sum();
      long ofEvents = left.stream().mapToLong(Group::count).sum() - packets;
      sentences.add(
          Wording.plural(left.size(), "finding")
              + " of "
              + Wording.plural(ofEvents, "event")
              + (packets > 0 ? " and " + Wording.plural(packets, "silent packet") : "")
              + " left out"
              + (withoutBenign ? ": benign" + (minCount > 1 ? ", or" : "") : ":")
              + (minCount > 1 ? " fewer than " + Wording.plural(minCount, "event") : ""));
    }
    return sentences;
  }
}
