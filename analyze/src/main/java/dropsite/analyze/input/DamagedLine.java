package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Lines of frames with control bytes in them, zero bytes among them, as crashed writers and hostile
 * ones leave them: an address in one is as good as ever, a name is not to be trusted.
 */
final class DamagedLine {
  private static final char DELETE = 0x7f;

  private DamagedLine() {}

  /** Returns the frame that a line prints beneath its control bytes, or null when it is none. */
  static @Nullable StackFrame parse(FrameSyntax syntax, String line) {
    if (!isDamaged(line)) {
      return null;
    }
    StringBuilder visible = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      if (!isControl(line.charAt(i))) {
        visible.append(line.charAt(i));
      }
    }
    StackFrame frame = syntax.parse(visible.toString());
    if (frame == null) {
      return null;
    }
    return frame.runtimeAddress() != null
        ? StackFrame.ofAddress(frame.runtimeAddress())
        : new StackFrame(null, line, StackFrame.UNKNOWN, StackFrame.UNKNOWN, null, false, false);
  }

  private static boolean isDamaged(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (isControl(line.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isControl(char c) {
    return (c < ' ' && c != '\t') || c == DELETE;
  }
}
