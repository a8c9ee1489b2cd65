package dropsite.analyze.input;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The line that pwru prints for each function that a packet comes through: {@code
 * 0xffff936378692ce8 6 [curl] name(SKB_DROP_REASON_…) 172.20.10.2:33918->1.1.1.1:4240(tcp)},
 * columns in another order since version 1.0.5, and a clock before them on request
 * (internal/pwru/output.go).
 *
 * <p>Names of the stack follow it ({@link PwruNames}). The reason comes from the BTF of the very
 * kernel.
 */
final class PwruEvent implements FrameSyntax {
  /** The process and the function. */
  private static final int FEWEST_COLUMNS = 2;

  /** Packet's ethertype, printed as {@code 0x0800}, which is what tells the columns apart. */
  private static final int ETHERTYPE_CHARS = 6;

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    int begin = line.position();
    if (!isEvent(line)) {
      return null;
    }
    int columns = line.position();
    List<String> words = new ArrayList<>();
    while (!line.atEnd()) {
      words.add(line.word());
      line.skipBlanks();
    }
    if (words.size() < FEWEST_COLUMNS) {
      return null;
    }
    line.moveTo(columns);
    EventFacts facts = facts(line, words);
    line.moveTo(begin);
    return new LinePart.Opening(
        StackEvent.Kind.STACK, new Topic(line.rest(), facts), List.of(), new PwruNames());
  }

  /** Reads the packet's address and the processor, and a clock before them. */
  private static boolean isEvent(LineCursor line) {
    int begin = line.position();
    boolean clock = line.number() != null && (line.accept(":") || line.accept("-"));
    line.moveTo(begin);
    if (clock) {
      line.word();
      line.skipBlanks();
    }
    return line.accept("0x")
        && line.hexDigits(16) != null
        && line.skipBlanks() > 0
        && line.number() != null
        && line.skipBlanks() > 0;
  }

  private static EventFacts facts(LineCursor line, List<String> words) {
    String device = "";
    Long netns = null;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("netns=")) {
        netns = PwruFacts.number(word.substring("netns=".length()));
      } else if (word.startsWith("iface=")) {
        device = word.substring("iface=".length());
      } else if (i >= 4 && word.startsWith("0x") && word.length() == ETHERTYPE_CHARS) {
        device = words.get(i - 1);
        netns = PwruFacts.number(words.get(i - 3));
      }
    }
    PacketSummary packet = null;
    for (String word : words) {
      packet = packet == null ? packet(word) : packet;
    }
    return PwruFacts.of(words.getFirst(), line, device, netns, packet);
  }

  /** Reads {@code 192.0.2.1:33918->192.0.2.2:4240(tcp)}, with flags behind the protocol or not. */
  private static @Nullable PacketSummary packet(String word) {
    LineCursor tuple = LineCursor.of(word);
    String from = tuple.before("->");
    String to = from == null ? null : tuple.before("(");
    String protocol = to == null ? null : tuple.symbol();
    return from == null || to == null || protocol == null
        ? null
        : TuplePacket.of(protocol, from, to);
  }
}
