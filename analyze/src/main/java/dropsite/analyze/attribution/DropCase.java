package dropsite.analyze.attribution;

import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.kernel.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * Drops that are the same in all that a rule could see: one stack, one reason, one kind of packet.
 *
 * @param classification of all of them
 * @param reason that the kernel gave; null when none was recorded
 * @param facts of the first of them
 * @param count how many there are
 * @param box that they happened on
 */
public record DropCase(
    Classification classification,
    @Nullable DropReason reason,
    EventFacts facts,
    long count,
    Box box) {}
