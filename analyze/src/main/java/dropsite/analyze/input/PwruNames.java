package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * The stack below a line of pwru ({@code --output-stack}): names without offsets, the module right
 * behind its name, {@code nft_do_chain[nf_tables]}. Anywhere else a line like that is a word.
 */
record PwruNames() implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    StackFrame frame = PrintedPlace.next(line);
    line.skipBlanks();
    return frame != null && line.atEnd() ? LinePart.frame(frame) : null;
  }
}
