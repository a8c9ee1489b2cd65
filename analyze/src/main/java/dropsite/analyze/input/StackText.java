package dropsite.analyze.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Finds the stacks in a text and keeps every other line, streaming.
 *
 * <p>A stack is a run of frame lines of one syntax; any other line ends it.
 */
public final class StackText implements Closeable {
  /** The kernel's own limit is 127 (PERF_MAX_STACK_DEPTH); a longer run is cut, not kept. */
  private static final int DEEPEST_FRAMES = 1024;

  private static final int LONGEST_FRAME_BYTES = 1024;

  /**
   * An offset this small cannot follow a call instruction: the frame is the probed place itself.
   */
  private static final long LARGEST_ENTRY_OFFSET = 1;

  private static final List<FrameSyntax> SYNTAXES =
      List.of(new FtraceFrames(), new BpftraceFrames());

  private final String source;
  private final RawLines lines;
  private final KnownLines known = new KnownLines();
  private final Queue<TextPiece> ready = new ArrayDeque<>();
  private final List<RawLine> stackLines = new ArrayList<>();
  private final List<StackFrame> frames = new ArrayList<>();
  private @Nullable FrameSyntax syntax;
  private long lineNumber;
  private long stackLineNumber;

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
        endStack(false);
        break;
      }
      lineNumber++;
      read();
    }
    return ready.poll();
  }

  private void read() {
    boolean mayBeFrame = lines.textEnd() - lines.start() <= LONGEST_FRAME_BYTES;
    KnownLine line = mayBeFrame && syntax != null ? known(syntax) : null;
    if (line == null || frames.size() == DEEPEST_FRAMES) {
      endStack(line == null);
      line = mayBeFrame ? known(null) : null;
    }
    if (line == null) {
      ready.add(new TextPiece.Other(lines.copy()));
      return;
    }
    if (frames.isEmpty()) {
      syntax = line.syntax();
      stackLineNumber = lineNumber;
    }
    frames.add(line.frame());
    stackLines.add(line.line());
  }

  /**
   * Returns what the line is as a frame, or null when it is none.
   *
   * @param continued the syntax of the stack that the line would go on; null when it would begin
   *     one
   */
  private @Nullable KnownLine known(@Nullable FrameSyntax continued) {
    long hash = lines.hash();
    KnownLine line = known.find(lines, hash, continued);
    if (line == null) {
      line = parse(continued, hash);
      if (line != null) {
        known.add(line);
      }
    }
    return line;
  }

  private @Nullable KnownLine parse(@Nullable FrameSyntax continued, long hash) {
    List<FrameSyntax> candidates = continued == null ? SYNTAXES : List.of(continued);
    LineCursor cursor = new LineCursor(lines.array(), lines.start(), lines.textEnd());
    for (FrameSyntax candidate : candidates) {
      cursor.moveTo(0);
      StackFrame frame = candidate.parse(cursor);
      if (frame != null) {
        boolean entry =
            continued == null
                && frame.offsetBytes() >= 0
                && frame.offsetBytes() <= LARGEST_ENTRY_OFFSET;
        return new KnownLine(
            lines.copy(), hash, continued, candidate, entry ? frame.asProgramCounter() : frame);
      }
    }
    DamagedLine damaged = DamagedLine.at(lines);
    if (damaged != null) {
      for (FrameSyntax candidate : candidates) {
        StackFrame frame = damaged.parse(candidate);
        if (frame != null) {
          return new KnownLine(damaged.line(), hash, continued, candidate, frame);
        }
      }
    }
    return null;
  }

  /**
   * @param here whether the line that the reader is at ends the stack, rather than that it is cut
   */
  private void endStack(boolean here) {
    if (frames.isEmpty()) {
      return;
    }
    long count = here ? MapEntryEnd.countOf(lines.copy().text()) : 1;
    StackEvent event = new StackEvent(source, stackLineNumber, "", EventFacts.NONE, frames, count);
    ready.add(new TextPiece.Stack(event, stackLines));
    frames.clear();
    stackLines.clear();
    syntax = null;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
