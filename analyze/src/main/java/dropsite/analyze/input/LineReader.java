package dropsite.analyze.input;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks each syntax what a line is; the first one that knows it decides. */
final class LineReader {
  private static final int LONGEST_KNOWN_BYTES = 1024;

  private static final List<FrameSyntax> SYNTAXES =
      Stream.of(PrintkSyntaxes.all(), NetToolSyntaxes.all(), TracerSyntaxes.all())
          .flatMap(List::stream)
          .toList();

  private final RawLines lines;
  private final KnownLines known = new KnownLines();

  /**
   * @param lines at the line to read
   */
  LineReader(RawLines lines) {
    this.lines = lines;
  }

  /**
   * Returns what the line is, or null when it is nothing.
   *
   * @param cursor over the line, its log prefix skipped, and there again afterwards
   * @param open syntax of the stack that the line may go on; null when there is none
   */
  @Nullable ReadLine read(LineCursor cursor, @Nullable FrameSyntax open) {
    ReadLine goesOn = open == null ? null : readAs(cursor, open);
    return goesOn == null ? readAs(cursor, null) : goesOn;
  }

  private @Nullable ReadLine readAs(LineCursor cursor, @Nullable FrameSyntax continued) {
    if (lines.textEnd() - lines.start() > LONGEST_KNOWN_BYTES) {
      return parse(cursor, continued);
    }
    long hash = lines.hash();
    ReadLine met = known.find(lines, hash, continued);
    if (met != null) {
      return met;
    }
    ReadLine line = parse(cursor, continued);
    if (line != null && line.part() instanceof LinePart.Frames) {
      known.add(line, hash);
    }
    return line;
  }

  private @Nullable ReadLine parse(LineCursor cursor, @Nullable FrameSyntax continued) {
    List<FrameSyntax> candidates = continued == null ? SYNTAXES : List.of(continued);
    int begin = cursor.position();
    int length = lines.textEnd() - lines.start();
    for (FrameSyntax candidate : candidates) {
      if (length > LONGEST_KNOWN_BYTES && length > candidate.longestLineBytes()) {
        continue;
      }
      LinePart part = candidate.parse(cursor);
      cursor.moveTo(begin);
      if (part != null) {
        return new ReadLine(lines.copy(), continued, candidate, part);
      }
    }
    DamagedLine damaged = length > LONGEST_KNOWN_BYTES ? null : DamagedLine.at(lines);
    if (damaged != null) {
      for (FrameSyntax candidate : candidates) {
        StackFrame frame = damaged.parse(candidate);
        if (frame != null) {
          return new ReadLine(damaged.line(), continued, candidate, LinePart.frame(frame));
        }
      }
    }
    return null;
  }
}
