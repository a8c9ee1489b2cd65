package dropsite.analyze.session;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketHeaders;
import dropsite.analyze.input.PacketSummary;
import org.jspecify.annotations.Nullable;

/**
 * All of an event that rules and snapshots are asked about.
 *
 * @param stack number of its stack
 * @param headers null when not recorded, or when there are too many different ones
 * @param packet likewise
 */
record KindKey(
    int stack,
    @Nullable Long reasonNumber,
    @Nullable String reasonName,
    @Nullable String claimedReason,
    @Nullable String interfaceName,
    @Nullable Long netns,
    @Nullable PacketHeaders headers,
    @Nullable PacketSummary packet) {

  /** Returns the key of an event. */
  static KindKey of(int stack, EventFacts facts) {
    return new KindKey(
        stack,
        facts.reasonNumber(),
        facts.reasonName(),
        facts.claimedReason(),
        facts.interfaceName(),
        facts.netns(),
        facts.drop() == null ? null : PacketHeaders.of(facts.drop().packet()),
        facts.drop() == null ? facts.packet() : null);
  }

  /** Returns the key that all packets of a stack share. */
  KindKey withoutPacket() {
    return new KindKey(
        stack, reasonNumber, reasonName, claimedReason, interfaceName, netns, null, null);
  }

  /** Returns the key that all events of a stack and a reason share. */
  KindKey ofStackAndReason() {
    return new KindKey(stack, reasonNumber, reasonName, claimedReason, null, null, null, null);
  }
}
