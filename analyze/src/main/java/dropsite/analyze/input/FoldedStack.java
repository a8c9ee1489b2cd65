package dropsite.analyze.input;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole stack on a line, as flame graphs are made from: {@code comm;outermost;…;innermost 12}.
 *
 * <p>Names may carry offsets ({@code +0x7b}) and what they belong to: {@code _[k]} for the kernel,
 * {@code _[i]} inlined, {@code _[j]} compiled by a program. Without marks the kernel's frames are
 * those from its entry on; without an entry only offsets show that the words are functions.
 */
final class FoldedStack implements FrameSyntax {
  private static final int LONGEST_BYTES = 1 << 15;
  private static final char OF_KERNEL = 'k';
  private static final int MARK_CHARS = "_[k]".length();
  private static final char SEPARATOR = ';';

  private static final int FEWEST_FRAMES = 2;

  @Override
  public boolean outermostFirst() {
    return true;
  }

  @Override
  public int longestLineBytes() {
    return LONGEST_BYTES;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    int begin = line.position();
    if (!line.skipBehind(SEPARATOR)) {
      return null;
    }
    int comm = line.position();
    String rest = line.remaining().stripTrailing();
    line.moveTo(begin);
    int blank = rest.lastIndexOf(' ');
    if (blank < 1 || comm == begin + 1) {
      return null;
    }
    LineCursor cursor = LineCursor.of(rest.substring(blank + 1));
    Long count = cursor.number();
    if (count == null || count < 1 || !cursor.atEnd()) {
      return null;
    }
    return last(rest.substring(0, blank), count);
  }

  private static @Nullable LinePart last(String names, long count) {
    List<StackFrame> plain = new ArrayList<>();
    List<StackFrame> ofKernel = new ArrayList<>();
    int entry = -1;
    int withOffset = 0;
    boolean anyMark = false;
    int end = -1;
    for (int start = 0; start <= names.length(); start = end + 1) {
      end = names.indexOf(SEPARATOR, start);
      end = end < 0 ? names.length() : end;
      String name = names.substring(start, end);
      if (name.isBlank() || name.startsWith(" ") || plain.size() == StackEvent.MOST_FRAMES) {
        return null;
      }
      int mark = mark(name);
      anyMark |= mark >= 0;
      LineCursor cursor =
          LineCursor.of(mark < 0 ? name : name.substring(0, name.length() - MARK_CHARS));
      StackFrame frame = PrintedPlace.next(cursor);
      if (frame != null && frame.symbol() != null && cursor.atEnd()) {
        entry = entry < 0 && KernelEntry.is(frame.symbol()) ? plain.size() : entry;
        plain.add(frame);
        withOffset += frame.offsetBytes() >= 0 ? 1 : 0;
        if (mark == OF_KERNEL) {
          ofKernel.add(frame);
        }
      }
    }
    List<StackFrame> frames = anyMark ? ofKernel : plain.subList(Math.max(0, entry), plain.size());
    boolean certain =
        anyMark
            ? !ofKernel.isEmpty()
            : frames.size() >= FEWEST_FRAMES && (entry >= 0 || withOffset >= FEWEST_FRAMES);
    return certain ? new LinePart.Last(frames, count) : null;
  }

  /** Returns the letter between the brackets of a mark, or -1. */
  private static int mark(String name) {
    int begin = name.length() - MARK_CHARS;
    return begin > 0 && name.startsWith("_[", begin) && name.endsWith("]")
        ? name.charAt(begin + 2)
        : -1;
  }
}
