package dropsite.analyze.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the stacks in a text and keeps every other line, streaming.
 *
 * <p>Each syntax is asked what a line is. Lines that different writers put into the same log at the
 * same time (the processors and tasks of {@link LinePrefix}) are told apart: each has its own open
 * stack. Lines are held back only while a stack is open, and only so many of them.
 */
public final class StackText implements Closeable {
  /** The kernel's own limit is 127 (PERF_MAX_STACK_DEPTH); a longer run is cut, not kept. */
  private static final int DEEPEST_FRAMES = 1024;

  private static final int LONGEST_KNOWN_BYTES = 1024;

  /** After so many lines of others a stack is over, whatever its syntax would wait for. */
  private static final int LONGEST_WAIT_LINES = 256;

  private static final int MOST_LANES = 256;
  private static final int MOST_HELD_BYTES = 1 << 22;

  private static final LinePart.Headline NO_HEADLINE = new LinePart.Headline("", EventFacts.NONE);

  private static final List<FrameSyntax> SYNTAXES =
      Stream.of(PrintkSyntaxes.all(), NetToolSyntaxes.all(), TracerSyntaxes.all())
          .flatMap(List::stream)
          .toList();

  private final String source;
  private final RawLines lines;
  private final KnownLines known = new KnownLines();
  private final Queue<TextPiece> ready = new ArrayDeque<>();
  private final Map<Long, Lane> lanes = new HashMap<>();
  private final List<OpenStack> open = new ArrayList<>();
  private final List<OpenStack> held = new ArrayList<>();
  private final List<HeldLine> heldLines = new ArrayList<>();
  private long heldBytes;
  private long lineNumber;
  private LinePart.Headline placed = NO_HEADLINE;
  private long placedLine;

  /**
   * @param source the file as the user named it
   * @param input read to its end, and closed by {@link #close}
   */
  public StackText(String source, InputStream input) {
    this.source = source;
    this.lines = new RawLines(input);
  }

  /**
   * Returns the next piece, or null at the end. Reads on only when it has no whole piece left to
   * return.
   */
  public @Nullable TextPiece next() throws IOException {
    while (ready.isEmpty()) {
      if (!lines.advance()) {
        open.forEach(OpenStack::end);
        release();
        break;
      }
      lineNumber++;
      read();
    }
    return ready.poll();
  }

  private void read() {
    LineCursor cursor = new LineCursor(lines.array(), lines.start(), lines.textEnd());
    Lane lane = lane(LinePrefix.skip(cursor));
    OpenStack stack = lane.open;
    Reading reading = stack == null ? null : reading(cursor, stack.syntax());
    reading = reading == null ? reading(cursor, null) : reading;
    if (reading != null) {
      take(lane, reading);
    } else {
      if (stack != null && !stack.survivesAlienLine()) {
        end(stack);
      }
      hold(new HeldLine(lines.copy(), false, List.of()));
    }
    for (OpenStack one : open) {
      if (one.idleLines(lineNumber) > LONGEST_WAIT_LINES || heldBytes > MOST_HELD_BYTES) {
        one.end();
      }
    }
    release();
  }

  private Lane lane(long id) {
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

  private void take(Lane lane, Reading reading) {
    OpenStack stack = lane.open;
    LinePart part = reading.part;
    if (part instanceof LinePart.Places places) {
      if (places.then() != null) {
        announce(lane, reading, places.then());
      }
      takePlaces(places, reading);
      return;
    }
    boolean goesOn =
        reading.continued != null
            && !(part instanceof LinePart.Opening || part instanceof LinePart.Headline);
    if (stack == null || !goesOn || stack.depth() >= DEEPEST_FRAMES) {
      if (stack != null) {
        end(stack);
      }
      if (part instanceof LinePart.Headline headline) {
        lane.take(headline, lineNumber);
        hold(places(headline, headline.places(), 1, reading));
        return;
      }
      if (!mayBegin(part)) {
        hold(new HeldLine(reading.line, false, List.of()));
        return;
      }
      stack = begin(lane, reading);
    }
    int first = stack.depth();
    int added = stack.take(part, lineNumber);
    List<HeldFrame> frames = new ArrayList<>(added);
    for (int i = 0; i < added; i++) {
      frames.add(new HeldFrame(stack, first + i));
    }
    if (part instanceof LinePart.Amended amended && amended.index() < first) {
      frames.add(new HeldFrame(stack, amended.index()));
    }
    hold(new HeldLine(reading.line, true, frames));
  }

  private OpenStack begin(Lane lane, Reading reading) {
    OpenStack stack = begun(lane, reading);
    lane.open = stack;
    open.add(stack);
    held.add(stack);
    return stack;
  }

  /** Goes on the stack that a line of places stands in, or begins the one that it announces. */
  private void announce(Lane lane, Reading reading, FrameSyntax then) {
    OpenStack stack = lane.open;
    if (stack != null && reading.continued == null) {
      end(stack);
      stack = null;
    }
    stack = stack == null ? begin(lane, reading) : stack;
    stack.take(new LinePart.Inside(then), lineNumber);
  }

  private OpenStack begun(Lane lane, Reading reading) {
    if (reading.part instanceof LinePart.Place place) {
      LinePart.Headline itself = reading.headline("", place.facts());
      return new OpenStack(lineNumber, reading.syntax, itself, StackEvent.Kind.PLACE);
    }
    if (reading.part instanceof LinePart.Opening opening) {
      LinePart.Headline headline = new LinePart.Headline(opening.title(), opening.facts());
      return new OpenStack(lineNumber, reading.syntax, headline, StackEvent.Kind.STACK);
    }
    // A stack right behind a place is how it was come to, whatever wrote the lines.
    LinePart.Headline told = lane.headline(lineNumber);
    boolean behindPlace = told.equals(NO_HEADLINE) && placedLine == lineNumber - 1;
    LinePart.Headline headline = behindPlace ? placed : told;
    return new OpenStack(lineNumber, reading.syntax, headline, StackEvent.Kind.STACK);
  }

  private static boolean mayBegin(LinePart part) {
    return switch (part) {
      case LinePart.Frames frames -> true;
      case LinePart.Opening opening -> true;
      case LinePart.Inside inside -> true;
      case LinePart.Place place -> true;
      case LinePart.Told told -> false;
      case LinePart.Last last -> !last.frames().isEmpty();
      case LinePart.Amended amended -> false;
      case LinePart.Headline headline -> false;
      case LinePart.Places places -> false;
    };
  }

  private void takePlaces(LinePart.Places places, Reading reading) {
    LinePart.Headline headline = reading.headline(places.title(), places.facts());
    placed = headline;
    placedLine = lineNumber;
    hold(places(headline, places.frames(), places.count(), reading));
  }

  /** Returns a line with the places that it names, each held as a stack of its own. */
  private HeldLine places(
      LinePart.Headline headline, List<StackFrame> frames, long count, Reading reading) {
    List<HeldFrame> places = new ArrayList<>(frames.size());
    for (StackFrame frame : frames) {
      OpenStack place = new OpenStack(lineNumber, reading.syntax, headline, StackEvent.Kind.PLACE);
      place.take(new LinePart.Last(List.of(frame), count), lineNumber);
      held.add(place);
      places.add(new HeldFrame(place, 0));
    }
    return new HeldLine(reading.line, !places.isEmpty(), places);
  }

  /**
   * Returns what the line is, or null when it is nothing.
   *
   * @param cursor over the line, its prefix skipped
   * @param continued the syntax of the stack that the line would go on; null when it would begin
   *     one
   */
  private @Nullable Reading reading(LineCursor cursor, @Nullable FrameSyntax continued) {
    if (lines.textEnd() - lines.start() > LONGEST_KNOWN_BYTES) {
      return parse(cursor, continued);
    }
    long hash = lines.hash();
    KnownLine line = known.find(lines, hash, continued);
    if (line != null) {
      return new Reading(line.line(), line.continued(), line.syntax(), line.part());
    }
    Reading reading = parse(cursor, continued);
    if (reading != null && reading.part instanceof LinePart.Frames) {
      known.add(new KnownLine(reading.line, hash, continued, reading.syntax, reading.part));
    }
    return reading;
  }

  private @Nullable Reading parse(LineCursor cursor, @Nullable FrameSyntax continued) {
    List<FrameSyntax> candidates = continued == null ? SYNTAXES : List.of(continued);
    int begin = cursor.position();
    int length = lines.textEnd() - lines.start();
    for (FrameSyntax candidate : candidates) {
      if (length > candidate.longestLineBytes()) {
        continue;
      }
      LinePart part = candidate.parse(cursor);
      cursor.moveTo(begin);
      if (part != null) {
        return new Reading(lines.copy(), continued, candidate, part);
      }
    }
    DamagedLine damaged = length > LONGEST_KNOWN_BYTES ? null : DamagedLine.at(lines);
    if (damaged != null) {
      for (FrameSyntax candidate : candidates) {
        StackFrame frame = damaged.parse(candidate);
        if (frame != null) {
          return new Reading(damaged.line(), continued, candidate, LinePart.frame(frame));
        }
      }
    }
    return null;
  }

  private void hold(HeldLine line) {
    if (heldLines.isEmpty() && !line.member) {
      ready.add(new TextPiece.Other(line.line));
    } else {
      heldLines.add(line);
      heldBytes += line.line.length();
    }
  }

  private void end(OpenStack stack) {
    stack.end();
    release();
  }

  /** Lets go of the lines held back, unless a stack among them may go on. */
  private void release() {
    if (open.isEmpty() && heldLines.isEmpty()) {
      return;
    }
    for (Lane lane : lanes.values()) {
      if (lane.open != null && lane.open.isOver()) {
        lane.open = null;
        lane.headline = NO_HEADLINE;
      }
    }
    open.removeIf(OpenStack::isOver);
    if (!open.isEmpty() || heldLines.isEmpty()) {
      return;
    }
    Map<OpenStack, Integer> numbers = new HashMap<>();
    List<StackEvent> events = new ArrayList<>();
    held.removeIf(stack -> !stack.counts());
    held.sort(Comparator.comparingLong(OpenStack::firstFrameLine));
    for (OpenStack stack : held) {
      numbers.put(stack, events.size());
      events.add(stack.event(source));
    }
    int end = heldLines.size();
    while (end > 0 && (events.isEmpty() || !heldLines.get(end - 1).member)) {
      end--;
    }
    if (end > 0) {
      ready.add(
          new TextPiece.Stacks(
              events, heldLines.subList(0, end).stream().map(it -> it.placed(numbers)).toList()));
    }
    for (HeldLine line : heldLines.subList(end, heldLines.size())) {
      ready.add(new TextPiece.Other(line.line));
    }
    held.clear();
    heldLines.clear();
    heldBytes = 0;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  /** What one writer of a log is at. */
  private static final class Lane {
    private @Nullable OpenStack open;
    private LinePart.Headline headline = NO_HEADLINE;
    private long headlineLine;

    void take(LinePart.Headline next, long lineNumber) {
      headline = next.after(headline(lineNumber));
      headlineLine = lineNumber;
    }

    /** Returns what the next stack is about; a headline of long ago is that of something else. */
    LinePart.Headline headline(long lineNumber) {
      return lineNumber - headlineLine > LONGEST_WAIT_LINES ? NO_HEADLINE : headline;
    }
  }

  /**
   * A line and what it is.
   *
   * @param continued the syntax of the stack that it goes on; null when it goes on none
   */
  private record Reading(
      RawLine line, @Nullable FrameSyntax continued, FrameSyntax syntax, LinePart part) {

    /** Returns what the line says about a stack; the line itself where no title is given. */
    LinePart.Headline headline(String title, EventFacts facts) {
      return new LinePart.Headline(title.isEmpty() ? line.decoded().strip() : title, facts);
    }
  }

  /** The frame of a stack that was printed n-th. */
  private record HeldFrame(OpenStack stack, int printed) {}

  /**
   * A line that waits for the end of the stacks around it.
   *
   * @param member whether it belongs to one of them
   */
  private record HeldLine(RawLine line, boolean member, List<HeldFrame> frames) {

    TextPiece.Line placed(Map<OpenStack, Integer> numbers) {
      List<TextPiece.FrameAt> at = new ArrayList<>(frames.size());
      for (HeldFrame frame : frames) {
        Integer number = numbers.get(frame.stack);
        if (number != null && frame.stack.has(frame.printed)) {
          at.add(new TextPiece.FrameAt(number, frame.stack.position(frame.printed)));
        }
      }
      return new TextPiece.Line(line, at);
    }
  }
}
