package dropsite.analyze.firewall;

/**
 * Values that an element of a set stands for: the numbers from one to another, or one text.
 *
 * @param anyEnd whether the text may go on
 */
record Span(Value first, Value last, boolean anyEnd) {

  static Span of(Value value) {
    return new Span(value, value, false);
  }

  static Span of(Value first, Value last) {
    return new Span(first, last, false);
  }

  /** Takes a device's name; a wildcard at its end stands for any other end. */
  static Span device(String name, char wildcard) {
    boolean any = !name.isEmpty() && name.charAt(name.length() - 1) == wildcard;
    Value value = Value.of(any ? name.substring(0, name.length() - 1) : name);
    return new Span(value, value, any);
  }

  /** Returns the addresses that begin as one does. */
  static Span prefix(Value address, int prefix, int width) {
    Value mask = Value.prefixMask(Math.clamp(prefix, 0, width), width);
    Value first = address.and(mask);
    return of(first, first.or(mask.not(width)));
  }

  /** Returns whether it is one value. */
  boolean single() {
    return !anyEnd && first.equals(last);
  }

  boolean contains(Value value) {
    String text = first.text();
    if (text != null || value.text() != null) {
      return text != null
          && value.text() != null
          && (anyEnd ? value.text().startsWith(text) : value.text().equals(text));
    }
    return first.compareTo(value) <= 0 && value.compareTo(last) <= 0;
  }
}
