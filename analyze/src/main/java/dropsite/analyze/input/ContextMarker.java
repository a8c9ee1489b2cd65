package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * A marker between the frames of x86 stacks (arch/x86/kernel/dumpstack.c): {@code <IRQ>}, {@code
 * </IRQ>}, {@code <#DF>}, in old kernels {@code <EOI>} and {@code <<EOE>>} where such a stack ends.
 *
 * @param context of the frames after it; null behind the end of one
 */
record ContextMarker(@Nullable String context) {

  /** Returns the marker that comes next, or null. */
  static @Nullable ContextMarker parse(LineCursor line) {
    if (line.peek() != '<') {
      return null;
    }
    int begin = line.position();
    line.accept("<");
    boolean doubled = line.accept("<");
    boolean ends = line.accept("/");
    String word = line.peek() == '#' || Character.isUpperCase(line.peek()) ? word(line) : null;
    if (word == null || !line.accept(doubled ? ">>" : ">")) {
      line.moveTo(begin);
      return null;
    }
    ends |= word.equals("EOI") || word.equals("EOE");
    return new ContextMarker(ends ? null : word);
  }

  private static @Nullable String word(LineCursor line) {
    boolean exception = line.accept("#");
    String name = line.symbol();
    return name != null && exception ? "#" + name : name;
  }
}
