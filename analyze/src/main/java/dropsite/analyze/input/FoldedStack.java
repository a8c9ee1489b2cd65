package dropsite.analyze.input;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole stack on a line, as flame graphs are made from: {@code comm;outermost;…;innermost 12}.
 *
 * <p>Names may carry offsets ({@code +0x7b}) and what they belong to: {@code _[k]} for the kernel,
 * {@code _[i]} inlined, {@code _[j]} compiled by a program. Without either, lists of words look the
 * same, so only long ones of names as programmers make them are stacks.
 */
final class FoldedStack implements FrameSyntax {
  private static final int LONGEST_BYTES = 1 << 15;
  private static final int MOST_FRAMES = 1024;

  private static final String OF_KERNEL = "_[k]";
  private static final String INLINED = "_[i]";
  private static final char SEPARATOR = ';';

  /** Of the names that nothing marks as functions. */
  private static final int FEWEST_PLAIN = 4;

  private static final int FEWEST_COMPOSED = 2;
  private static final int FEWEST_MARKED = 2;

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
    int composed = 0;
    int withOffset = 0;
    boolean marked = false;
    int end = -1;
    for (int start = 0; start <= names.length(); start = end + 1) {
      end = names.indexOf(SEPARATOR, start);
      end = end < 0 ? names.length() : end;
      String name = names.substring(start, end);
      if (name.isBlank() || name.startsWith(" ") || plain.size() == MOST_FRAMES) {
        return null;
      }
      boolean kernel = name.endsWith(OF_KERNEL);
      boolean inlined = name.endsWith(INLINED);
      marked |= kernel || inlined;
      LineCursor cursor =
          LineCursor.of(kernel ? name.substring(0, name.length() - OF_KERNEL.length()) : name);
      StackFrame frame = inlined ? null : PrintedPlace.next(cursor);
      if (frame != null && cursor.atEnd()) {
        plain.add(frame);
        if (kernel) {
          ofKernel.add(frame);
        }
        composed += name.indexOf('_') >= 0 ? 1 : 0;
        withOffset += frame.offsetBytes() >= 0 ? 1 : 0;
      }
    }
    boolean certain =
        marked
            ? !ofKernel.isEmpty()
            : withOffset >= FEWEST_MARKED
                || (plain.size() >= FEWEST_PLAIN && composed >= FEWEST_COMPOSED);
    return certain ? new LinePart.Last(marked ? ofKernel : plain, count) : null;
  }
}
