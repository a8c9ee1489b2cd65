package dropsite.analyze.report;

import dropsite.analyze.classify.Classification;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.ResolvedStack;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of one class at one place, told as one.
 *
 * @param id the same for the same class, place and reason, whatever else is in the recording
 * @param classification of all of them
 * @param reason that the kernel gave; null when none was recorded
 * @param count of events
 * @param firstNanos time of the first; null when no times were recorded
 * @param lastNanos time of the last; null when no times were recorded
 * @param stack of the first
 * @param who the tasks that were running, most frequent first
 * @param packets what the packets were, most frequent first
 * @param events ids of the events
 */
public record Finding(
    String id,
    Classification classification,
    @Nullable DropReason reason,
    long count,
    @Nullable Long firstNanos,
    @Nullable Long lastNanos,
    ResolvedStack stack,
    List<String> who,
    List<String> packets,
    List<Long> events) {

  /** Copies the lists. */
  public Finding {
    who = List.copyOf(who);
    packets = List.copyOf(packets);
    events = List.copyOf(events);
  }
}
