package dropsite.analyze.report;

import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import java.util.ArrayList;
import java.util.List;

/** The lines that stand beneath a frame in text: its functions and source lines. */
public final class FrameLines {
  private static final String INDENT = "        ";
  private static final String INLINED_BY = "(inlined by) ";

  private final SourceNames names;

  /** Prints with the given names. */
  public FrameLines(SourceNames names) {
    this.names = names;
  }

  /** Returns the lines for a frame, innermost function first; none when there is nothing to say. */
  public List<String> of(ResolvedFrame frame) {
    List<String> lines = new ArrayList<>();
    if (frame.hasSource()) {
      addChain(lines, frame.layers());
      for (List<Layer> other : frame.others()) {
        lines.add(INDENT + "or");
        addChain(lines, other);
      }
    }
    if (frame.note() != null) {
      lines.add(INDENT + "! " + SafeText.of(frame.note()));
    }
    return lines;
  }

  private void addChain(List<String> lines, List<Layer> layers) {
    boolean inner = true;
    for (Layer layer : layers) {
      lines.add(INDENT + (inner ? "" : INLINED_BY) + names.inWords(layer));
      inner = false;
    }
  }
}
