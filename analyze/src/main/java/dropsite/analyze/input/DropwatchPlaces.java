package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Places as dropwatch names them: {@code 3 drops at nf_hook_slow+f3 (0xffffffff8155d083)
 * [software]} with the offset in hexadecimal (src/main.c: handle_dm_alert_msg), and in packet mode
 * {@code drop at: nf_hook_slow+0xf3/0x110 (0xffffffff8155d083)}, the kernel's own {@code %pS}, with
 * more about the packet below.
 *
 * <p>The address is a return address: whoever called the function that frees. Drops of hardware
 * have no place in the kernel.
 */
final class DropwatchPlaces implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    Long count = line.number();
    if (count != null) {
      return line.accept(" drops at ") ? counted(line, count) : null;
    }
    return line.accept("drop at: ") ? ofPacket(line) : null;
  }

  private static @Nullable LinePart counted(LineCursor line, long count) {
    StackFrame frame = null;
    if (line.accept("location 0x")) {
      Long address = line.address();
      frame = address == null ? null : StackFrame.ofAddress(address);
    } else {
      String symbol = line.symbolBefore("+");
      Long offset = symbol == null ? null : line.hexDigits(1);
      if (offset != null) {
        frame = behind(line, StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN));
      }
    }
    line.accept(" [software]");
    line.skipBlanks();
    return frame != null && line.atEnd()
        ? new LinePart.Places(List.of(frame), count, Topic.NONE, null)
        : null;
  }

  private static @Nullable LinePart ofPacket(LineCursor line) {
    StackFrame place = PrintedPlace.next(line);
    if (place == null) {
      Long address = line.number();
      place = address == null ? null : StackFrame.ofAddress(address);
    }
    StackFrame frame = place == null ? null : behind(line, place);
    line.skipBlanks();
    return frame != null && line.atEnd()
        ? new LinePart.Opening(
            StackEvent.Kind.PLACE, Topic.NONE, List.of(frame), new DropwatchPacket())
        : null;
  }

  /** Reads the address in parentheses behind a name. */
  private static @Nullable StackFrame behind(LineCursor line, StackFrame frame) {
    line.skipBlanks();
    Long address = line.addressBetween("(0x", ")");
    return address == null ? null : frame.at(address);
  }
}
