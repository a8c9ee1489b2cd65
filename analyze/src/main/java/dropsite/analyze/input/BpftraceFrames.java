package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Frames of bpftrace's {@code kstack}: {@code name+219} (default), {@code ffffffff85cd2fa5 name+69}
 * (perf mode), {@code 0xffffffff9091b941} (raw mode, or no symbols at hand).
 *
 * <p>Offsets are decimal. Perf mode's names may be nonsense for module addresses ({@code
 * cleanup_module+1325480}); the address beside them is right.
 */
final class BpftraceFrames implements FrameSyntax {

  @Override
  public @Nullable StackFrame parse(String line) {
    LineCursor cursor = new LineCursor(line);
    cursor.skipBlanks();
    int start = cursor.position();
    boolean prefixed = cursor.accept("0x");
    Long address = cursor.hexDigits(8);
    if (address == null) {
      cursor.moveTo(start);
    } else {
      int digits = cursor.position() - start;
      int blanks = cursor.skipBlanks();
      if (cursor.atEnd()) {
        // Bare digits are an address only when as many as one has.
        return prefixed || digits == 16 ? StackFrame.ofAddress(address) : null;
      }
      if (blanks == 0) {
        return null;
      }
    }
    String symbol = cursor.symbol();
    if (symbol == null || !cursor.accept("+")) {
      return null;
    }
    Long offset = cursor.offset();
    if (offset == null) {
      return null;
    }
    String module = cursor.module();
    cursor.skipBlanks();
    return cursor.atEnd()
        ? new StackFrame(address, symbol, offset, StackFrame.UNKNOWN, module, false, false)
        : null;
  }
}
