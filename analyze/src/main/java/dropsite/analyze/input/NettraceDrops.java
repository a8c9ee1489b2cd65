package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The line of a packet that nettrace saw dropped: {@code TCP: 10.1.0.1:43582 -> 10.1.0.2:99 …,
 * reason: NO_SOCKET, tcp_v4_rcv+0x81}, since version 1.2.11 with {@code *reason: …*} around the end
 * (src/analysis.c), behind a time in brackets, which a log's prefix is taken for, and columns in
 * brackets. The reason comes from the running kernel's own tracepoint.
 */
final class NettraceDrops implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    while (line.accept("[")) {
      if (!line.skipBehind("]")) {
        return null;
      }
      line.skipBlanks();
    }
    String protocol = line.symbolBefore(": ");
    String from = protocol == null ? null : line.before(" -> ");
    if (protocol == null || from == null) {
      return null;
    }
    int addresses = line.position();
    if (!line.skipBehindLast(", ")) {
      line.skipBehindLast(" *");
    }
    StackFrame place = PrintedPlace.withOffset(line);
    if (place == null) {
      line.moveTo(addresses);
      place = line.skipBehindLast(" *") ? PrintedPlace.withOffset(line) : null;
    }
    if (place == null) {
      return null;
    }
    line.accept("*");
    line.skipBlanks();
    if (!line.atEnd()) {
      return null;
    }
    line.moveTo(addresses);
    String reason = null;
    Long number = null;
    if (line.skipBehindLast("reason: ")) {
      number = line.number();
      reason = line.symbol();
    }
    line.moveTo(addresses);
    PacketSummary packet = TuplePacket.of(protocol, from, line.word());
    return new LinePart.Places(
        List.of(place),
        Topic.of(EventFacts.ofReason(number, reason).or(EventFacts.ofPacket(packet))));
  }
}
