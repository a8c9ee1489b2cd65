package dropsite.analyze.input;

import dropsite.capture.DropEvent;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A drop as a person describes it, to try rules on. */
public final class DescribedDrop {
  private static final String SOURCE = "described";

  /** The tracepoint of drops goes by the name of the function that frees packets. */
  private static final String FREEING = "kfree_skb";

  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;

  private DescribedDrop() {}

  /**
   * Returns the event of a drop.
   *
   * @param functions of the stack, innermost first, with or without those that free packets
   * @param reason name of the drop reason; null for none
   * @param packet bytes from the IP header on, in hex; empty for none
   * @throws IllegalArgumentException when the bytes are no IP packet in hex
   */
  public static StackEvent of(List<String> functions, @Nullable String reason, String packet) {
    List<StackFrame> frames =
        Stream.concat(Stream.of(FREEING), functions.stream()).map(StackFrame::ofName).toList();
    if (frames.size() > StackEvent.MOST_FRAMES) {
      throw new IllegalArgumentException("more functions than a stack has");
    }
    EventFacts facts = EventFacts.ofReason(null, reason);
    if (!packet.isEmpty()) {
      facts = facts.or(ofPacket(packet));
    }
    return new StackEvent(SOURCE, 1, "", facts, frames, 1);
  }

  private static EventFacts ofPacket(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    int version = bytes.length == 0 ? 0 : (bytes[0] & 0xff) >> 4;
    if (version != 4 && version != 6) {
      throw new IllegalArgumentException(
          "expected a packet that begins with its IP header, found version " + version);
    }
    int etherType = version == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
    DropEvent.Packet packet =
        new DropEvent.Packet(etherType, -1, -1, 0, -1, new byte[0], bytes, bytes.length);
    return new EventFacts(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        PacketSummary.of(bytes, 0, etherType),
        null,
        new DropEvent(
            0,
            0,
            false,
            0,
            0,
            DropEvent.NO_REASON,
            new long[0],
            false,
            DropEvent.Task.UNKNOWN,
            DropEvent.Device.UNKNOWN,
            DropEvent.Socket.NONE,
            packet));
  }
}
