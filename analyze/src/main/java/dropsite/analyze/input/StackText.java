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
 * <p>A stack is a run of frame lines of one syntax; any other line ends it. The lines between two
 * stacks belong, as far as they say something, to the second.
 */
public final class StackText implements Closeable {
  /** The kernel's own limit is 127 (PERF_MAX_STACK_DEPTH); a longer run is cut, not kept. */
  private static final int DEEPEST_FRAMES = 1024;

  private static final int LONGEST_FRAME_CHARS = 1024;

  /**
   * An offset this small cannot follow a call instruction: the frame is the probed place itself.
   */
  private static final long LARGEST_ENTRY_OFFSET = 1;

  private static final List<FrameSyntax> SYNTAXES =
      List.of(new FtraceFrames(), new BpftraceFrames());

  private final String source;
  private final RawLines lines;
  private final Queue<TextPiece> ready = new ArrayDeque<>();
  private final List<RawLine> stackLines = new ArrayList<>();
  private final List<StackFrame> frames = new ArrayList<>();
  private HeaderLine header = new HeaderLine();
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

  /** Returns the next piece, or null at the end. */
  public @Nullable TextPiece next() throws IOException {
    while (ready.isEmpty()) {
      RawLine line = lines.next();
      if (line == null) {
        endStack(1);
        break;
      }
      lineNumber++;
      read(line);
    }
    return ready.poll();
  }

  private void read(RawLine line) {
    FrameSyntax current = syntax;
    boolean mayBeFrame = line.text().length() <= LONGEST_FRAME_CHARS;
    StackFrame frame = current == null || !mayBeFrame ? null : parse(current, line.text());
    if (frame == null) {
      endStack(countOf(line.text()));
      frame = mayBeFrame ? beginStack(line.text()) : null;
    }
    if (frame == null) {
      if (!isMapEntryEnd(line.text())) {
        header.read(line);
      }
      ready.add(new TextPiece.Other(line));
      return;
    }
    if (frames.size() == DEEPEST_FRAMES) {
      endStack(1);
      syntax = current;
    }
    if (frames.isEmpty()) {
      stackLineNumber = lineNumber;
    }
    frames.add(frame);
    stackLines.add(line);
  }

  /** Returns the first frame of a stack of whatever syntax the line has, or null. */
  private @Nullable StackFrame beginStack(String line) {
    for (FrameSyntax candidate : SYNTAXES) {
      StackFrame frame = parse(candidate, line);
      if (frame != null) {
        syntax = candidate;
        return frame;
      }
    }
    return null;
  }

  private static @Nullable StackFrame parse(FrameSyntax syntax, String line) {
    StackFrame frame = syntax.parse(line);
    return frame != null ? frame : DamagedLine.parse(syntax, line);
  }

  private void endStack(long count) {
    if (frames.isEmpty()) {
      return;
    }
    StackFrame top = frames.getFirst();
    if (top.offsetBytes() >= 0 && top.offsetBytes() <= LARGEST_ENTRY_OFFSET) {
      frames.set(0, top.asProgramCounter());
    }
    StackEvent event =
        new StackEvent(source, stackLineNumber, header.title(), header.facts(), frames, count);
    ready.add(new TextPiece.Stack(event, stackLines));
    frames.clear();
    stackLines.clear();
    syntax = null;
    header = new HeaderLine();
  }

  private static boolean isMapEntryEnd(String line) {
    return (line.startsWith("]: ") || line.startsWith(", ")) && line.contains("]: ");
  }

  /** Returns n of a map entry's last line {@code ]: n} or {@code , comm]: n}, else 1. */
  private static long countOf(String line) {
    if (!isMapEntryEnd(line)) {
      return 1;
    }
    LineCursor cursor = new LineCursor(line);
    cursor.moveTo(line.lastIndexOf("]: ") + 3);
    Long count = cursor.number();
    return count != null && count > 0 && cursor.atEnd() ? count : 1;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
