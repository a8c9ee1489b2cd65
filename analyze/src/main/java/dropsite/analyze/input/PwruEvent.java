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
  private static final String REASON = "(SKB_DROP_REASON_";

  private static final int FEWEST_WORDS = 4;

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
    if (words.size() < FEWEST_WORDS - 2) {
      return null;
    }
    line.moveTo(columns);
    EventFacts facts = facts(line, words);
    line.moveTo(begin);
    return new LinePart.Opening(line.rest(), facts, List.of(), new PwruNames());
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
    int columns = line.position();
    Long reasonNumber = null;
    String reasonName = null;
    if (line.skipBehind(REASON)) {
      reasonName = line.symbol();
    } else if (line.skipBehind(" (")) {
      Long number = line.number();
      reasonNumber = line.accept(")") ? number : null;
    }
    line.moveTo(columns);
    String interfaceName = null;
    Long netns = null;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("netns=")) {
        netns = number(word.substring("netns=".length()));
      } else if (word.startsWith("iface=")) {
        interfaceName = nameBeforeNumber(word.substring("iface=".length()));
      } else if (i >= 4 && word.startsWith("0x") && word.length() == ETHERTYPE_CHARS) {
        interfaceName = nameBeforeNumber(words.get(i - 1));
        netns = number(words.get(i - 3));
      }
    }
    String process = words.getFirst();
    int colon = process.lastIndexOf(':');
    Long pid = colon < 0 ? null : number(process.substring(colon + 1));
    return new EventFacts(
        null,
        comm(process, pid == null ? process.length() : colon),
        pid == null ? null : pid.intValue(),
        interfaceName,
        netns == null || netns == 0 ? null : netns,
        reasonNumber,
        reasonName,
        null,
        null,
        null);
  }

  /** Returns the name in {@code [curl]}, {@code /usr/bin/curl:17}; null where its begin is cut. */
  private static @Nullable String comm(String process, int end) {
    String path = process.substring(0, end);
    if (path.startsWith("[") && path.endsWith("]")) {
      path = path.substring(1, path.length() - 1);
    }
    int slash = path.lastIndexOf('/');
    boolean cut = path.startsWith("~") && slash < 0;
    String name = path.substring(slash + 1);
    return cut || name.isEmpty() || name.startsWith("<") ? null : name;
  }

  /**
   * Returns the device in {@code eth0:2}; null where only its number stands, or its begin is cut.
   */
  private static @Nullable String nameBeforeNumber(String column) {
    int colon = column.lastIndexOf(':');
    return colon <= 0 || column.startsWith("~") ? null : column.substring(0, colon);
  }

  private static @Nullable Long number(String text) {
    LineCursor cursor = LineCursor.of(text);
    Long number = cursor.number();
    return cursor.atEnd() ? number : null;
  }
}
