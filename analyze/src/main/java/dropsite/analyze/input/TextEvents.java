package dropsite.analyze.input;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of a text. The lines between two belong, as far as they say something, to the second.
 */
final class TextEvents implements EventReader {
  private final StackText text;
  private HeaderLine header = new HeaderLine();

  TextEvents(StackText text) {
    this.text = text;
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    while (true) {
      TextPiece piece = text.next();
      switch (piece) {
        case null -> {
          return null;
        }
        case TextPiece.Stack stack -> {
          StackEvent event = stack.event().introducedBy(header);
          header = new HeaderLine();
          return event;
        }
        case TextPiece.Other other -> header.read(other.line());
      }
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
