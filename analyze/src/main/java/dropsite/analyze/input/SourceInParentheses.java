package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * The file and line that retsnoop prints behind a place: {@code (kernel/bpf/syscall.c:5067:1)} with
 * a column or without, {@code (bpf_check @ kernel/bpf/verifier.c:20)} where the function there has
 * another name than its symbol.
 */
final class SourceInParentheses {
  private static final String AFTER_NAME = " @ ";

  private SourceInParentheses() {}

  /** Reads what comes next; returns file and line without the column, or null. */
  static @Nullable String of(LineCursor line) {
    String inside = line.accept("(") ? line.before(")") : null;
    if (inside == null) {
      return null;
    }
    int name = inside.lastIndexOf(AFTER_NAME);
    String place = name < 0 ? inside : inside.substring(name + AFTER_NAME.length());
    int colon = place.indexOf(':');
    LineCursor numbers = LineCursor.of(place.substring(colon + 1));
    boolean whole =
        colon > 0
            && place.indexOf(' ') < 0
            && numbers.number() != null
            && (!numbers.accept(":") || numbers.number() != null)
            && numbers.atEnd();
    int column = place.indexOf(':', colon + 1);
    return whole ? place.substring(0, column < 0 ? place.length() : column) : null;
  }
}
