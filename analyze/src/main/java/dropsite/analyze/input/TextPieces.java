package dropsite.analyze.input;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that a text falls into. From the first line of a stack on, lines are held back until
 * no stack among them may go on; other lines are pieces at once.
 */
final class TextPieces {
  private static final int MOST_HELD_BYTES = 1 << 22;

  /** Many a short line is small beside what holds it. */
  private static final int MOST_HELD_LINES = 1 << 16;

  private final String source;
  private final Queue<TextPiece> ready = new ArrayDeque<>();
  private final List<OpenStack> stacks = new ArrayList<>();
  private final List<HeldLine> lines = new ArrayList<>();
  private long heldBytes;

  /**
   * @param source the file as the user named it
   */
  TextPieces(String source) {
    this.source = source;
  }

  /** Returns whether no piece is whole. */
  boolean isEmpty() {
    return ready.isEmpty();
  }

  /** Returns the next piece and forgets it, or null when none is whole. */
  @Nullable TextPiece poll() {
    return ready.poll();
  }

  /** Returns whether lines are held back. */
  boolean holdsLines() {
    return !lines.isEmpty();
  }

  /** Returns whether so much is held back that every stack must end. */
  boolean isFull() {
    return heldBytes > MOST_HELD_BYTES || lines.size() > MOST_HELD_LINES;
  }

  /** Takes a stack, of which more lines may come. */
  void add(OpenStack stack) {
    stacks.add(stack);
  }

  /** Takes a line that belongs to no stack. */
  void addOther(RawLine line) {
    if (lines.isEmpty()) {
      ready.add(new TextPiece.Other(line));
    } else {
      hold(new HeldLine(line, false, List.of()));
    }
  }

  /**
   * Takes a line that belongs to a stack.
   *
   * @param frames that it prints, of stacks that have been taken; may be none
   */
  void addMember(RawLine line, List<HeldFrame> frames) {
    hold(new HeldLine(line, true, frames));
  }

  private void hold(HeldLine line) {
    lines.add(line);
    heldBytes += line.line.length();
  }

  /** Makes pieces of all that is held back; no stack in it may go on. */
  void release() {
    stacks.removeIf(stack -> !stack.counts());
    if (stacks.size() > 1) {
      stacks.sort(Comparator.comparingLong(OpenStack::firstFrameLine));
    }
    List<StackEvent> events = new ArrayList<>(stacks.size());
    for (OpenStack stack : stacks) {
      stack.setNumber(events.size());
      events.add(stack.event(source));
    }
    // What was held back only because a stack might have gone on belongs to none.
    int end = lines.size();
    while (end > 0 && (events.isEmpty() || !lines.get(end - 1).member)) {
      end--;
    }
    if (end > 0) {
      List<TextPiece.Line> placed = new ArrayList<>(end);
      for (HeldLine line : lines.subList(0, end)) {
        placed.add(line.placed());
      }
      ready.add(new TextPiece.Stacks(events, placed));
    }
    for (HeldLine line : lines.subList(end, lines.size())) {
      ready.add(new TextPiece.Other(line.line));
    }
    stacks.clear();
    lines.clear();
    heldBytes = 0;
  }

  /** The frame of a stack that was printed n-th, from 0. */
  record HeldFrame(OpenStack stack, int printed) {}

  /**
   * A line held back.
   *
   * @param member whether it belongs to a stack
   */
  private record HeldLine(RawLine line, boolean member, List<HeldFrame> frames) {

    /** Returns the line with its frames as they came out. */
    TextPiece.Line placed() {
      List<TextPiece.FrameAt> at = new ArrayList<>(frames.size());
      for (HeldFrame frame : frames) {
        if (frame.stack.number() >= 0 && frame.stack.has(frame.printed)) {
          at.add(new TextPiece.FrameAt(frame.stack.number(), frame.stack.position(frame.printed)));
        }
      }
      return new TextPiece.Line(line, at);
    }
  }
}
