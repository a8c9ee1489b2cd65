package dropsite.analyze.input;

import java.util.List;

/** Lines of an oops that name no place: registers, code bytes, what lies on the stack. */
final class OopsDetail {
  private static final int LONGEST_REGISTER = 8;

  /** How such lines begin that do not look like numbers. */
  private static final List<String> BEGINNINGS =
      List.of(
          "Code:",
          "Stack:",
          "Modules linked in:",
          "Process ",
          "Register ",
          "Flags:",
          "Instruction dump:",
          "Exception stack(",
          "Krnl ",
          "RSP <",
          "PACATMSCRATCH [",
          "---[ end");

  private OopsDetail() {}

  /** Returns whether a line is one; its blanks skipped. */
  static boolean is(LineCursor line) {
    int begin = line.position();
    for (String beginning : BEGINNINGS) {
      if (line.accept(beginning)) {
        line.moveTo(begin);
        return true;
      }
    }
    // Without a blank, it is the head of the next task.
    boolean task = line.accept("task:") && line.peek() != ' ';
    line.moveTo(begin);
    boolean detail = !task && isRegister(line);
    line.moveTo(begin);
    detail = detail || isDump(line);
    line.moveTo(begin);
    return detail;
  }

  /**
   * Returns whether it begins with {@code RAX: 0000000000000000}, {@code x29: …}, {@code 7f60:}.
   */
  private static boolean isRegister(LineCursor line) {
    line.accept(">");
    line.accept("#");
    int begin = line.position();
    String name = line.moduleName();
    if (name == null || name.length() > 2 * LONGEST_REGISTER) {
      return false;
    }
    boolean address = name.length() > LONGEST_REGISTER;
    line.moveTo(begin);
    if (address && line.hexText(name.length()) == null) {
      return false;
    }
    line.moveTo(begin + name.length());
    line.skipBlanks();
    if (!line.accept(":")) {
      return false;
    }
    line.skipBlanks();
    return line.hexText(1) != null && (line.atEnd() || " \t(:".indexOf(line.peek()) >= 0);
  }

  /** Returns whether nothing but words of memory stand in it. */
  private static boolean isDump(LineCursor line) {
    int words = 0;
    while (!line.atEnd()) {
      line.accept("<");
      line.accept("(");
      if (line.hexText(8) == null) {
        return false;
      }
      line.accept(">");
      line.accept(")");
      words++;
      line.skipBlanks();
    }
    return words > 0;
  }
}
