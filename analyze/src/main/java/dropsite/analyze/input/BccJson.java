package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * A stack in indented JSON, as tools on bcc print it: {@code "kernel_stack": [}, one {@code
 * "mutex_lock+0x5 [kernel]"} on each line, and maybe {@code "addresses": [} behind it with one
 * {@code "0xffffffff81d40055"} for each of them. Read line by line, since what is posted often is a
 * part of a document.
 *
 * @param place what the line stands in
 * @param addresses how many have been read
 */
record BccJson(Place place, int addresses) implements FrameSyntax {
  private enum Place {
    ANYWHERE,
    NAMES,
    BEHIND_NAMES,
    ADDRESSES,
    BEHIND_ADDRESSES
  }

  static final FrameSyntax ANYWHERE = new BccJson(Place.ANYWHERE, 0);

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    return switch (place) {
      case ANYWHERE -> opened(line, "\"kernel_stack\":", Place.NAMES);
      case NAMES -> isClose(line) ? inside(Place.BEHIND_NAMES) : name(line);
      case BEHIND_NAMES -> opened(line, "\"addresses\":", Place.ADDRESSES);
      case ADDRESSES -> isClose(line) ? inside(Place.BEHIND_ADDRESSES) : address(line);
      case BEHIND_ADDRESSES -> null;
    };
  }

  private static LinePart inside(Place place) {
    return new LinePart.Inside(new BccJson(place, 0));
  }

  private static @Nullable LinePart opened(LineCursor line, String key, Place then) {
    if (!line.accept(key)) {
      return null;
    }
    line.skipBlanks();
    return line.accept("[") && isEnd(line) ? inside(then) : null;
  }

  private static boolean isClose(LineCursor line) {
    if (!line.accept("]")) {
      return false;
    }
    line.accept(",");
    return isEnd(line);
  }

  private static boolean isEnd(LineCursor line) {
    line.skipBlanks();
    return line.atEnd();
  }

  /** Returns the text of an element, a comma behind it or not; null when the line is another. */
  private static @Nullable LineCursor element(LineCursor line) {
    String text = line.accept("\"") ? line.before("\"") : null;
    line.accept(",");
    return text != null && isEnd(line) ? LineCursor.of(text) : null;
  }

  private static @Nullable LinePart name(LineCursor line) {
    LineCursor text = element(line);
    if (text == null) {
      return null;
    }
    StackFrame frame = PrintedPlace.whole(text);
    if (frame != null) {
      return LinePart.frame(frame);
    }
    // The end of a stack that is less deep than it may be.
    return text.atEnd() ? new LinePart.Inside(null) : null;
  }

  private @Nullable LinePart address(LineCursor line) {
    LineCursor text = element(line);
    Long address = text == null ? null : text.number();
    return address == null
        ? null
        : new LinePart.Amended(
            addresses, StackFrame.ofAddress(address), new BccJson(place, addresses + 1));
  }
}
