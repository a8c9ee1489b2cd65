package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * What dropwatch prints below the place of a packet, one {@code name: value} on each line, up to an
 * empty one (src/main.c: handle_dm_packet_alert_msg). The reason has the name that the kernel's own
 * drop monitor gives it. Times are in a zone that is not told.
 */
record DropwatchPacket() implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    String reason = null;
    String interfaceName = null;
    PacketSummary packet = null;
    if (line.accept("drop reason: ")) {
      reason = line.symbol();
    } else if (line.accept("input port name: ")) {
      interfaceName = line.rest();
    } else if (line.accept("protocol: ")) {
      Long ethertype = line.number();
      packet =
          ethertype == null
              ? null
              : PacketSummary.of(new byte[0], 0, ethertype.intValue() & 0xffff);
    } else if (!isAbout(line)) {
      return null;
    }
    EventFacts facts =
        new EventFacts(null, null, null, interfaceName, null, null, reason, null, null, packet);
    return new LinePart.Inside(facts, null);
  }

  private static boolean isAbout(LineCursor line) {
    return line.accept("origin: ")
        || line.accept("input port ifindex: ")
        || line.accept("cookie: ")
        || line.accept("timestamp: ")
        || line.accept("length: ")
        || line.accept("original length: ");
  }
}
