package dropsite.analyze.network;

import dropsite.analyze.classify.Classification;
import org.jspecify.annotations.Nullable;

/**
 * Packets that were lost while recording without being freed as dropped: only a counter tells.
 *
 * @param classification what it is, with the counter's values as evidence
 * @param count how many, less those that the recording saw
 * @param netns inode number of the network namespace
 * @param interfaceName of the device that counted; null when none did
 * @param counter as the box's tools name it
 * @param before what it said before the recording
 * @param after what it said afterwards
 * @param beforeNanos when it was read before, CLOCK_REALTIME in nanoseconds
 * @param afterNanos when it was read afterwards, likewise
 */
public record SilentDrop(
    Classification classification,
    long count,
    long netns,
    @Nullable String interfaceName,
    String counter,
    long before,
    long after,
    long beforeNanos,
    long afterNanos) {}
