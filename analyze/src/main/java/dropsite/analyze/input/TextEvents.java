package dropsite.analyze.input;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of a text. The lines between two belong, as far as they say something, to the second;
 * ftrace's lines belong to the stack that it announces for the same CPU.
 *
 * <p>Texts of our own scripts ({@link SectionedText}) have their stacks in one section, and an
 * address in every frame: there, whatever else looks like a frame is part of somebody's name.
 */
final class TextEvents implements EventReader {
  private static final String EVENTS = "events";

  /** A task, a softirq, an interrupt and an NMI can each be about to print a stack. */
  private static final int MOST_WAITING = 4;

  private static final int MOST_CPUS = 4096;

  private final String source;
  private final StackText text;
  private final Map<Integer, Deque<HeaderLine>> waiting = new HashMap<>();
  private final Queue<StackEvent> ready = new ArrayDeque<>();
  private HeaderLine header = new HeaderLine();
  private @Nullable String section;
  private boolean wholeBefore = true;
  private int linesRead;

  TextEvents(String source, StackText text) {
    this.source = source;
    this.text = text;
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    while (true) {
      if (!ready.isEmpty()) {
        return ready.remove();
      }
      TextPiece piece = text.next();
      switch (piece) {
        case null -> {
          StackEvent last = withoutStack();
          header = new HeaderLine();
          return last;
        }
        case TextPiece.Stacks stacks -> {
          wholeBefore = true;
          linesRead += stacks.lines().size();
          announced(stacks);
          for (StackEvent event : stacks.events()) {
            if (event.kind() == StackEvent.Kind.PLACE && isEvent(event)) {
              // Its own line says what it is; the lines before it are about the next stack.
              ready.add(event);
            } else if (isEvent(event)) {
              ready.add(event.title().isEmpty() ? event.introducedBy(header) : event);
              header.use();
              header = new HeaderLine();
            }
          }
        }
        case TextPiece.Other other -> {
          linesRead++;
          StackEvent before = read(other.line());
          if (before != null) {
            return before;
          }
        }
      }
    }
  }

  /** trace-cmd prints the first frame of a stack on the line that announces it. */
  private void announced(TextPiece.Stacks stacks) {
    RawLine first = stacks.lines().getFirst().raw();
    FtraceLine traced = FtraceLine.of(first.text());
    if (traced != null && traced.announcesStack()) {
      read(first, traced);
    }
  }

  private boolean isEvent(StackEvent stack) {
    return section == null
        || (section.equals(EVENTS)
            && stack.frames().stream().allMatch(frame -> frame.runtimeAddress() != null));
  }

  /** Takes note of a line; returns the event before it when that turns out to have no stack. */
  private @Nullable StackEvent read(RawLine line) {
    String content = line.text();
    String begun = wholeBefore ? SectionedText.sectionBegunBy(content) : null;
    wholeBefore = line.ends();
    if (begun != null && (section != null || SectionedText.isSignature(source, begun, linesRead))) {
      section = begun;
      return null;
    }
    if (section != null && !section.equals(EVENTS)) {
      return null;
    }
    FtraceLine traced = FtraceLine.of(content);
    if (traced != null) {
      read(line, traced);
      return null;
    }
    ScriptedEvent scripted = section == null ? null : ScriptedEvent.of(content);
    if (scripted != null) {
      StackEvent before = withoutStack();
      header = new HeaderLine(ScriptedEvent.title(line.decoded()), scripted.facts());
      return before;
    }
    if (section == null) {
      header.read(line);
    }
    return null;
  }

  /**
   * Returns the event of the last line of a bpftrace script when no stack came with it, as happens
   * when the kernel has no room for one more: its place is known all the same.
   */
  private @Nullable StackEvent withoutStack() {
    Long location = header.isWhole() ? header.facts().location() : null;
    return location == null
        ? null
        : new StackEvent(
            source,
            linesRead,
            header.title(),
            header.facts(),
            List.of(StackFrame.ofAddress(location)),
            1);
  }

  private void read(RawLine line, FtraceLine traced) {
    if (waiting.size() > MOST_CPUS) {
      waiting.clear();
    }
    if (traced.announcesUserStack()) {
      return;
    }
    Deque<HeaderLine> headers = waiting.computeIfAbsent(traced.cpu(), cpu -> new ArrayDeque<>());
    if (traced.announcesStack()) {
      while (!headers.isEmpty()) {
        header = headers.removeLast();
        if (!header.used()) {
          return;
        }
      }
    }
    header = new HeaderLine();
    header.read(line.decoded(), traced);
    headers.addLast(header);
    if (headers.size() > MOST_WAITING) {
      headers.removeFirst();
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
