package dropsite.analyze.input;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The first line of an event of retis: {@code 4152973315243 (3) [nc] 14839 [tp] skb:kfree_skb drop
 * (reason NO_SOCKET)} (retis-events/src/events.rs). A stack that was asked for follows as {@code
 * name+0x8f}, which other syntaxes read. The reason comes from the BTF of the very kernel.
 */
final class RetisEvent implements FrameSyntax {
  private static final String DROP = " drop (";
  private static final String REASON = "reason ";

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    int begin = line.position();
    // Events of one packet, sorted, are set off by an arrow (in UTF-8).
    line.accept("\u00e2\u0086\u00b3 ");
    Long time = line.number();
    if (time == null || !line.accept(" ")) {
      return null;
    }
    if (line.accept("(") && (line.number() == null || !line.accept(") "))) {
      return null;
    }
    String text = line.rest();
    int probe = Stream.of("[tp] ", "[k] ", "[kr] ").mapToInt(text::lastIndexOf).max().orElseThrow();
    if (probe < 0) {
      return null;
    }
    line.moveTo(begin);
    return new LinePart.Headline(
        new Topic(line.rest(), facts(time, text, probe)), false, List.of());
  }

  /**
   * Reads what stands around the kind of probe.
   *
   * @param probe where that begins
   */
  private static EventFacts facts(long time, String text, int probe) {
    String comm = null;
    Long pid = null;
    int commEnd = text.lastIndexOf("] ", probe);
    if (text.startsWith("[") && commEnd > 0) {
      comm = text.substring(1, commEnd);
      LineCursor ids = LineCursor.of(text.substring(commEnd + 2, probe));
      pid = ids.number();
      // Where two are given, the second is the process.
      pid = ids.accept("/") ? ids.number() : pid;
    }
    int drop = text.indexOf(DROP, probe);
    int end = drop < 0 ? -1 : text.indexOf(')', drop);
    String reason = end < 0 ? "" : text.substring(drop + DROP.length(), end);
    return RetisReason.of(reason.startsWith(REASON) ? reason.substring(REASON.length()) : reason)
        .facts(time, comm, pid);
  }
}
