package dropsite.analyze.input;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The stacks of a text, without the lines between them. */
final class TextEvents implements EventReader {
  private final StackText text;

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
          return stack.event();
        }
        case TextPiece.Other other -> {
          // Text between stacks.
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
