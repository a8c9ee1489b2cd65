package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.ResolvedStack;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of one class at one place for one cause, told as one; or packets that a counter alone saw
 * lost.
 *
 * @param id the same for the same class, place, reason, namespace and cause, whatever else is in
 *     the recording; of several boxes, the box's too
 * @param box index of its box in the report
 * @param classification of all of them, its commands filled in for this box
 * @param reason that the kernel gave; null when none was recorded
 * @param count of events, or of packets lost silently
 * @param firstNanos time of the first; null when no times were recorded
 * @param lastNanos time of the last; null when no times were recorded
 * @param stacks that led here, most frequent first; empty for what was lost silently
 * @param namespace that they were dropped in; null when not known, or when it makes no difference
 * @param attributions what in the snapshots explains it, likeliest first; empty when nothing does
 * @param who tasks that were running
 * @param packets what the packets were
 * @param interfaces of the packets
 * @param namespaces of the packets
 */
public record Finding(
    String id,
    int box,
    Classification classification,
    @Nullable DropReason reason,
    long count,
    @Nullable Long firstNanos,
    @Nullable Long lastNanos,
    List<CountedStack> stacks,
    @Nullable Namespace namespace,
    List<Attribution> attributions,
    Ranking who,
    Ranking packets,
    Ranking interfaces,
    Ranking namespaces) {

  /** Copies the lists. */
  public Finding {
    stacks = List.copyOf(stacks);
    attributions = List.copyOf(attributions);
  }

  /** Returns the most frequent of the stacks; null for what was lost silently. */
  public @Nullable ResolvedStack stack() {
    return stacks.isEmpty() ? null : stacks.getFirst().stack();
  }
}
