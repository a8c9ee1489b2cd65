package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Lines of frames with control bytes in them, zero bytes among them, as crashed writers and hostile
 * ones leave them: an address in one is as good as ever, a name is not to be trusted.
 *
 * @param line as it stands in the text
 * @param visible its bytes without the control bytes
 */
record DamagedLine(RawLine line, LineCursor visible) {
  private static final byte DELETE = 0x7f;

  /** Returns the line that a reader is at, or null when it is not damaged. */
  static @Nullable DamagedLine at(RawLines lines) {
    byte[] bytes = lines.array();
    int controls = 0;
    for (int i = lines.start(); i < lines.textEnd(); i++) {
      controls += isControl(bytes[i]) ? 1 : 0;
    }
    if (controls == 0) {
      return null;
    }
    byte[] visible = new byte[lines.textEnd() - lines.start() - controls];
    int length = 0;
    for (int i = lines.start(); i < lines.textEnd(); i++) {
      if (!isControl(bytes[i])) {
        visible[length++] = bytes[i];
      }
    }
    return new DamagedLine(lines.copy(), new LineCursor(visible, 0, length));
  }

  /** Returns the frame that the line prints beneath its control bytes, or null when it is none. */
  @Nullable StackFrame parse(FrameSyntax syntax) {
    visible.moveTo(0);
    LinePrefix.skip(visible);
    if (!(syntax.parse(visible) instanceof LinePart.Frames(var frames, var then, var certain))
        || frames.size() != 1
        || !certain) {
      return null;
    }
    StackFrame frame = frames.getFirst();
    return frame.runtimeAddress() != null
        ? StackFrame.ofAddress(frame.runtimeAddress())
        : StackFrame.ofName(line.text());
  }

  private static boolean isControl(byte b) {
    // Bytes from 0x80 on are negative, and no control bytes.
    return (b >= 0 && b < ' ' && b != '\t') || b == DELETE;
  }
}
