package dropsite.analyze.report;

import dropsite.analyze.kernel.Remembered;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lines that stand beneath a frame in text: its functions and source lines. */
public final class FrameLines {
  private static final String INDENT = "        ";
  private static final String INLINED_BY = "(inlined by) ";
  private static final String ELIDED = "(elided) ";

  private static final int LONGEST_KEPT_BYTES = 1 << 12;

  private final SourceNames names;
  private final Remembered<ResolvedFrame, byte[]> printed = new Remembered<>();

  /** Prints with the given names. */
  public FrameLines(SourceNames names) {
    this.names = names;
  }

  /** Returns the lines for a frame, innermost function first; none when there is nothing to say. */
  public List<String> of(ResolvedFrame frame) {
    List<String> lines = new ArrayList<>();
    // What the text itself tells already stays as it is.
    if ((frame.hasSource() && frame.given().source() == null) || frame.elided()) {
      addChain(lines, frame.elided() ? ELIDED : "", frame.layers());
      for (List<Layer> other : frame.others()) {
        lines.add(INDENT + "or");
        addChain(lines, "", other);
      }
    }
    if (frame.note() != null) {
      lines.add(INDENT + "! " + SafeText.of(frame.note()));
    }
    return lines;
  }

  /**
   * Returns the same lines as they are printed, in UTF-8. Not to be changed: stacks share frames,
   * and the last ones are kept as bytes.
   */
  public byte[] printed(ResolvedFrame frame) {
    byte[] known = printed.get(frame);
    if (known != null) {
      return known;
    }
    StringBuilder lines = new StringBuilder();
    of(frame).forEach(line -> lines.append(line).append('\n'));
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    // Names in a hostile file can be of any length.
    return bytes.length > LONGEST_KEPT_BYTES ? bytes : printed.put(frame, bytes);
  }

  private void addChain(List<String> lines, String first, List<Layer> layers) {
    String mark = first;
    for (Layer layer : layers) {
      lines.add(INDENT + mark + names.inWords(layer));
      mark = INLINED_BY;
    }
  }
}
