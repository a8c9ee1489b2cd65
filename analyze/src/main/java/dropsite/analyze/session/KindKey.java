package dropsite.analyze.session;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketHeaders;
import dropsite.analyze.input.PacketSummary;
import java.util.Objects;
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

  /** What tells most kinds apart is compared first: this runs for every event. */
  @Override
  public boolean equals(Object other) {
    return other instanceof KindKey key
        && stack == key.stack
        && Objects.equals(headers, key.headers)
        && Objects.equals(packet, key.packet)
        && Objects.equals(netns, key.netns)
        && Objects.equals(interfaceName, key.interfaceName)
        && Objects.equals(reasonNumber, key.reasonNumber)
        && Objects.equals(reasonName, key.reasonName)
        && Objects.equals(claimedReason, key.claimedReason);
  }

  @Override
  public int hashCode() {
    int hash = stack;
    hash = 31 * hash + Objects.hashCode(headers);
    hash = 31 * hash + Objects.hashCode(packet);
    hash = 31 * hash + Objects.hashCode(netns);
    hash = 31 * hash + Objects.hashCode(interfaceName);
    return 31 * hash + Objects.hashCode(reasonNumber);
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
