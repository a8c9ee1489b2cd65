package dropsite.analyze.report;

import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.rules.NamePatterns;
import java.util.ArrayList;
import java.util.List;
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
   * Returns whether an event is told of, as far as the event itself says.
   *
   * @param namespace of the event; null when not known
   * @param startNanos when its recording began, on the clock of its events; null when not known
   */
  public boolean admits(
      EventFacts facts, @Nullable Namespace namespace, @Nullable Long startNanos) {
    return span.contains(facts.timeNanos(), startNanos)
        && (comms.isEmpty()
            || (facts.comm() != null && new NamePatterns(comms).matches(facts.comm())))
        && admitsNamespace(facts.netns(), namespace);
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
  boolean admitsNamespace(@Nullable Long inode, @Nullable Namespace namespace) {
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
  List<String> said(long events, List<Group> all, List<Group> told) {
    List<String> sentences = new ArrayList<>();
    if (asksForMoments()) {
      sentences.add("what counters alone saw lost: they know neither times nor tasks");
    }
    if (events > 0) {
      sentences.add(notAskedFor(events));
    }
    int left = all.size() - told.size();
    if (left > 0) {
      long count =
          all.stream().mapToLong(Group::count).sum() - told.stream().mapToLong(Group::count).sum();
      sentences.add(
          Wording.plural(left, "finding")
              + " of "
              + Wording.plural(count, "event")
              + " left out"
              + (withoutBenign ? ": benign" + (minCount > 1 ? ", or" : "") : ":")
              + (minCount > 1 ? " fewer than " + Wording.plural(minCount, "event") : ""));
    }
    return sentences;
  }
}
