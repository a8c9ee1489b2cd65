package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * A frame in one word, as tools put it into JSON: {@code ip_rcv+0x45}, {@code nft_do_chain+0x3ef
 * [nf_tables]}, {@code 0xffffffffc03004ff}.
 */
final class NamedFrame {
  /** How bcc calls the kernel itself. */
  private static final String KERNEL = "kernel";

  private NamedFrame() {}

  /** Returns the frame that a text is, or null. */
  static @Nullable StackFrame of(LineCursor text) {
    int begin = text.position();
    StackFrame frame = null;
    if (text.accept("0x")) {
      Long address = text.hexDigits(8);
      frame = address == null ? null : StackFrame.ofAddress(address);
    } else {
      String symbol = text.symbol();
      Long offset = text.accept("+") ? text.offset() : Long.valueOf(StackFrame.UNKNOWN);
      if (symbol != null && offset != null) {
        String module = text.module();
        frame =
            StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN)
                .in(KERNEL.equals(module) ? null : module);
      }
    }
    if (frame == null || !text.atEnd()) {
      text.moveTo(begin);
      return null;
    }
    return frame;
  }
}
