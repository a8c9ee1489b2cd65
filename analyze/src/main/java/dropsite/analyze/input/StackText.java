package dropsite.analyze.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the stacks in a text and keeps every other line, streaming.
 *
 * <p>Each syntax is asked what a line is. Lines that different writers put into the same log at the
 * same time (the processors and tasks of {@link LinePrefix}) are told apart: each has a lane with
 * at most one open stack. Lines are held back only while a stack is open in some lane, and only so
 * many of them.
 */
public final class StackText implements Closeable {
  /** After so many lines of others a stack is over, whatever its syntax would wait for. */
  private static final int LONGEST_WAIT_LINES = 256;

  private static final int MOST_LANES = 256;

  private final RawLines lines;
  private final LineReader reader;
  private final TextPieces pieces;
  private final Map<Long, Lane> lanes = new HashMap<>();

  /** The stacks that lines may still go on: those of the lanes, until {@link #release}. */
  private final List<OpenStack> open = new ArrayList<>();

  /** Of the line before: most logs have one writer, or many lines of one after another. */
  private @Nullable Lane lastLane;

  private long lastLaneId;
  private long lineNumber;
  private Topic place = Topic.NONE;
  private long placeLine;

  /**
   * @param source the file as the user named it
   * @param input read to its end, and closed by {@link #close}
   */
  public StackText(String source, InputStream input) {
    this.lines = new RawLines(input);
    this.reader = new LineReader(lines);
    this.pieces = new TextPieces(source);
  }

  /**
   * Returns the next piece, or null at the end. Reads on only when it has no whole piece left to
   * return.
   */
  public @Nullable TextPiece next() throws IOException {
    while (pieces.isEmpty()) {
      if (!lines.advance()) {
        open.forEach(OpenStack::end);
        release();
        break;
      }
      lineNumber++;
      read();
    }
    return pieces.poll();
  }

  private void read() {
    LineCursor cursor = PastedLine.text(lines);
    Lane lane = lane(PastedLine.skip(cursor));
    OpenStack stack = lane.open;
    ReadLine line = reader.read(cursor, stack == null ? null : stack.syntax());
    if (line != null) {
      take(lane, line);
    } else {
      if (stack != null && !stack.survivesAlienLine()) {
        end(stack);
      }
      pieces.addOther(lines.copy());
    }
    for (OpenStack one : open) {
      if (one.idleLines(lineNumber) > LONGEST_WAIT_LINES || pieces.isFull()) {
        one.end();
      }
    }
    release();
  }

  private Lane lane(long id) {
    if (lastLane != null && lastLaneId == id) {
      return lastLane;
    }
    Lane lane = laneOf(id);
    lastLane = lane;
    lastLaneId = id;
    return lane;
  }

  private Lane laneOf(long id) {
    Lane lane = lanes.get(id);
    if (lane == null) {
      if (lanes.size() == MOST_LANES) {
        open.forEach(OpenStack::end);
        lanes.clear();
      }
      lane = new Lane();
      lanes.put(id, lane);
    }
    return lane;
  }

  private void take(Lane lane, ReadLine line) {
    switch (line.part()) {
      case LinePart.OfStack part -> takePart(lane, line, part);
      case LinePart.Headline headline -> {
        endUnlessContinued(lane, line);
        lane.take(headline, lineNumber);
        takePlaces(line, headline.topic(), headline.places(), 1);
      }
      case LinePart.Places places -> {
        if (places.then() != null) {
          OpenStack stack = endUnlessContinued(lane, line);
          stack = stack == null ? begin(lane, line) : stack;
          stack.take(new LinePart.Inside(places.then()), lineNumber);
        }
        place = line.topic(places.topic());
        placeLine = lineNumber;
        takePlaces(line, place, places.frames(), places.count());
      }
    }
  }

  private void takePart(Lane lane, ReadLine line, LinePart.OfStack part) {
    OpenStack stack = endUnlessContinued(lane, line);
    if (stack == null && !part.begins()) {
      pieces.addOther(line.raw());
      return;
    }
    stack = stack == null ? begin(lane, line) : stack;
    List<TextPieces.HeldFrame> frames = new ArrayList<>();
    for (int printed : stack.take(part, lineNumber)) {
      frames.add(new TextPieces.HeldFrame(stack, printed));
    }
    pieces.addMember(line.raw(), frames);
  }

  /** Takes a line with the places that it names, each as a stack of its own that is over. */
  private void takePlaces(ReadLine line, Topic topic, List<StackFrame> places, long count) {
    if (places.isEmpty()) {
      pieces.addOther(line.raw());
      return;
    }
    List<TextPieces.HeldFrame> frames = new ArrayList<>(places.size());
    for (StackFrame frame : places) {
      OpenStack one = new OpenStack(lineNumber, line.syntax(), topic, StackEvent.Kind.PLACE);
      one.take(new LinePart.Last(List.of(frame), count), lineNumber);
      pieces.add(one);
      frames.add(new TextPieces.HeldFrame(one, 0));
    }
    pieces.addMember(line.raw(), frames);
  }

  /** Returns the open stack that a line goes on; one that it does not go on ends. */
  private @Nullable OpenStack endUnlessContinued(Lane lane, ReadLine line) {
    OpenStack stack = lane.open;
    if (stack == null || (line.goesOn() && stack.depth() < StackEvent.MOST_FRAMES)) {
      return stack;
    }
    end(stack);
    return null;
  }

  /** Begins the stack of a lane that has none. */
  private OpenStack begin(Lane lane, ReadLine line) {
    OpenStack stack =
        line.part() instanceof LinePart.Opening opening
            ? new OpenStack(lineNumber, line.syntax(), line.topic(opening.topic()), opening.kind())
            : new OpenStack(lineNumber, line.syntax(), topic(lane), StackEvent.Kind.STACK);
    lane.open = stack;
    open.add(stack);
    pieces.add(stack);
    return stack;
  }

  /** A stack right behind a place is how it was come to, whatever wrote the lines. */
  private Topic topic(Lane lane) {
    Topic told = lane.topic(lineNumber);
    return told.equals(Topic.NONE) && placeLine == lineNumber - 1 ? place : told;
  }

  private void end(OpenStack stack) {
    stack.end();
    release();
  }

  /** Forgets stacks that are over, and lets go of the lines held back when none is open. */
  private void release() {
    boolean anyOver = false;
    for (OpenStack one : open) {
      anyOver |= one.isOver();
    }
    // Asked after every line: looks at the lanes only when one has changed.
    if (anyOver) {
      lanes.values().forEach(Lane::forgetWhatIsOver);
      open.removeIf(OpenStack::isOver);
    }
    if (open.isEmpty() && pieces.holdsLines()) {
      pieces.release();
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  /** What one writer of a log is at. */
  private static final class Lane {
    private @Nullable OpenStack open;
    private Topic topic = Topic.NONE;
    private long headlineLine;

    void take(LinePart.Headline headline, long lineNumber) {
      topic = headline.after(topic(lineNumber));
      headlineLine = lineNumber;
    }

    /** Returns what the next stack is about; a headline of long ago is that of something else. */
    Topic topic(long lineNumber) {
      return lineNumber - headlineLine > LONGEST_WAIT_LINES ? Topic.NONE : topic;
    }

    /** A headline is about one stack only. */
    void forgetWhatIsOver() {
      if (open != null && open.isOver()) {
        open = null;
        topic = Topic.NONE;
      }
    }
  }
}
