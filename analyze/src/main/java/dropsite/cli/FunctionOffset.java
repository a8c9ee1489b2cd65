package dropsite.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place as stack dumps print it: {@code function+offset/size}, the size left out at will.
 *
 * @param text as given
 * @param name the function
 * @param offsetText the offset as given, which the answer repeats
 * @param offsetBytes from the start of the function
 * @param sizeText the size as given; null when left out
 * @param sizeBytes of the function; 0 when left out
 */
record FunctionOffset(
    String text,
    String name,
    String offsetText,
    long offsetBytes,
    @Nullable String sizeText,
    long sizeBytes) {

  /** Returns what the text says, or empty when it is not of this form. */
  static Optional<FunctionOffset> parse(String text) {
    String place = withoutModule(text);
    int plus = place.lastIndexOf('+');
    if (plus <= 0) {
      return Optional.empty();
    }
    int slash = place.indexOf('/', plus);
    String offsetText = place.substring(plus + 1, slash < 0 ? place.length() : slash);
    String sizeText = slash < 0 ? null : place.substring(slash + 1);
    Optional<Long> offset = CNumber.parse(offsetText);
    Optional<Long> size = sizeText == null ? Optional.of(0L) : CNumber.parse(sizeText);
    if (offset.isEmpty() || size.isEmpty() || offset.get() < 0 || size.get() < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new FunctionOffset(
            text, place.substring(0, plus), offsetText, offset.get(), sizeText, size.get()));
  }

  /** Takes off the {@code [module]} that stack dumps append. */
  private static String withoutModule(String text) {
    int bracket = text.endsWith("]") ? text.lastIndexOf('[') : -1;
    return (bracket < 0 ? text : text.substring(0, bracket)).strip();
  }
}
