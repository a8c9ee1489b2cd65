package dropsite.analyze.input;

import dropsite.capture.DropEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a recording says about an event besides its stack; null where it says nothing.
 *
 * @param timeNanos since 1970 UTC where the recording is a capture file, else on its own clock
 * @param comm name of the task that was running, not necessarily the one that owns the packet
 * @param pid of that task
 * @param interfaceName of the packet's device
 * @param netns inode number of the network namespace
 * @param reasonNumber the drop reason as a number, subsystem in its high 16 bits
 * @param reasonName the drop reason as the kernel itself printed it, without prefix
 * @param claimedReason a reason name that a script printed from a table of its own
 * @param location run-time address that the tracepoint gave as the place of the drop
 * @param packet what the packet's first bytes say
 * @param release of the kernel, as {@code uname -r} prints it
 * @param drop the event as a probe recorded it; null from texts
 */
public record EventFacts(
    @Nullable Long timeNanos,
    @Nullable String comm,
    @Nullable Integer pid,
    @Nullable String interfaceName,
    @Nullable Long netns,
    @Nullable Long reasonNumber,
    @Nullable String reasonName,
    @Nullable String claimedReason,
    @Nullable Long location,
    @Nullable PacketSummary packet,
    @Nullable String release,
    @Nullable DropEvent drop) {

  /** Says nothing of the kernel's release, nor how a probe recorded it. */
  public EventFacts(
      @Nullable Long timeNanos,
      @Nullable String comm,
      @Nullable Integer pid,
      @Nullable String interfaceName,
      @Nullable Long netns,
      @Nullable Long reasonNumber,
      @Nullable String reasonName,
      @Nullable String claimedReason,
      @Nullable Long location,
      @Nullable PacketSummary packet) {
    this(
        timeNanos,
        comm,
        pid,
        interfaceName,
        netns,
        reasonNumber,
        reasonName,
        claimedReason,
        location,
        packet,
        null,
        null);
  }

  /** Nothing is said. */
  public static final EventFacts NONE =
      new EventFacts(null, null, null, null, null, null, null, null, null, null);

  /** Says who was running, and nothing else. */
  static EventFacts ofTask(@Nullable String comm, @Nullable Integer pid) {
    return new EventFacts(null, comm, pid, null, null, null, null, null, null, null);
  }

  /** Returns the same facts of a kernel of a release. */
  EventFacts on(@Nullable String kernelRelease) {
    return new EventFacts(
            null, null, null, null, null, null, null, null, null, null, kernelRelease, null)
        .or(this);
  }

  /** Says why a packet was dropped, as the kernel itself says, and nothing else. */
  static EventFacts ofReason(@Nullable Long number, @Nullable String name) {
    return new EventFacts(null, null, null, null, null, number, name, null, null, null);
  }

  /** Says where something happened, and nothing else. */
  public static EventFacts ofDevice(@Nullable String interfaceName, @Nullable Long netns) {
    return new EventFacts(null, null, null, interfaceName, netns, null, null, null, null, null);
  }

  /** Says what a packet is, and nothing else. */
  static EventFacts ofPacket(@Nullable PacketSummary packet) {
    return new EventFacts(null, null, null, null, null, null, null, null, null, packet);
  }

  /** Returns the same facts of an event that a probe recorded. */
  EventFacts of(DropEvent recorded) {
    return new EventFacts(
        timeNanos,
        comm,
        pid,
        interfaceName,
        netns,
        reasonNumber,
        reasonName,
        claimedReason,
        location,
        packet,
        release,
        recorded);
  }

  /** Returns these facts, and where they say nothing, others. */
  EventFacts or(EventFacts others) {
    return new EventFacts(
        timeNanos != null ? timeNanos : others.timeNanos,
        comm != null ? comm : others.comm,
        pid != null ? pid : others.pid,
        interfaceName != null ? interfaceName : others.interfaceName,
        netns != null ? netns : others.netns,
        reasonNumber != null ? reasonNumber : others.reasonNumber,
        reasonName != null ? reasonName : others.reasonName,
        claimedReason != null ? claimedReason : others.claimedReason,
        location != null ? location : others.location,
        packet != null ? packet : others.packet,
        release != null ? release : others.release,
        drop != null ? drop : others.drop);
  }
}
