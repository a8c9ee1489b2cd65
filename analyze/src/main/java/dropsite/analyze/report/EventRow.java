package dropsite.analyze.report;

import dropsite.analyze.input.PacketSummary;
import org.jspecify.annotations.Nullable;

/**
 * An event in a report.
 *
 * @param id from 1, in the order of the recordings
 * @param finding index of the finding that it belongs to; -1 when that was left out
 * @param box index of its box
 * @param file index of its recording among those of the box
 * @param ordinal its number in that recording, or its line
 * @param timeNanos see {@link Totals#wallClock}; null when not recorded
 * @param count of events that it stands for, more than 1 where a map counted them
 * @param comm of the task that was running
 * @param pid of that task
 * @param interfaceName of the packet's device
 * @param netns inode number of the network namespace
 * @param packet what its bytes say
 */
public record EventRow(
    long id,
    int finding,
    int box,
    int file,
    long ordinal,
    @Nullable Long timeNanos,
    int count,
    @Nullable String comm,
    @Nullable Integer pid,
    @Nullable String interfaceName,
    @Nullable Long netns,
    @Nullable PacketSummary packet) {}
