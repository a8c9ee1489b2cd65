package dropsite.analyze.stack;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a call whose value was a constant.
 *
 * @param name of the parameter
 * @param value the constant
 * @param enumerator what the value is called; null when it has no name
 */
public record Argument(String name, long value, @Nullable String enumerator) {

  /** Returns the value's name, else the value. */
  public String valueInWords() {
    return enumerator == null ? Long.toString(value) : enumerator;
  }
}
