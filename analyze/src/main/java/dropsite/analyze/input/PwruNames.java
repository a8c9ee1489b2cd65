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
    String symbol = line.symbol();
    if (symbol == null) {
      return null;
    }
    Long offset = line.accept("+") ? line.offset() : Long.valueOf(StackFrame.UNKNOWN);
    String module = line.module();
    line.skipBlanks();
    return offset != null && line.atEnd()
        ? LinePart.frame(StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN).in(module))
        : null;
  }
}
