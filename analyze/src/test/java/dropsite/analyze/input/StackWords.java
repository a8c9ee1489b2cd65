package dropsite.analyze.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Stacks in words: frames as {@code name+offset}, with {@code pc} where the address is exact. */
final class StackWords {
  private StackWords() {}

  /** Returns each event of a text with its frames, each behind the line that prints it. */
  static List<String> inWords(String text) throws IOException {
    List<String> words = new ArrayList<>();
    try (StackText stacks =
        new StackText(
            "text", new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))) {
      long line = 0;
      for (TextPiece piece = stacks.next(); piece != null; piece = stacks.next()) {
        switch (piece) {
          case TextPiece.Other other -> line++;
          case TextPiece.Stacks found -> {
            addAll(words, found, line);
            line += found.lines().size();
          }
        }
      }
    }
    return words;
  }

  private static void addAll(List<String> words, TextPiece.Stacks found, long linesBefore) {
    for (int i = 0; i < found.events().size(); i++) {
      StackEvent event = found.events().get(i);
      EventFacts facts = event.facts();
      words.add(
          (event.kind() == StackEvent.Kind.PLACE ? "place " : "stack ")
              + event.line()
              + " \""
              + event.title()
              + "\""
              + (facts.equals(EventFacts.NONE) ? "" : " " + facts.comm() + "/" + facts.pid()));
      for (int j = 0; j < event.frames().size(); j++) {
        TextPiece.FrameAt at = new TextPiece.FrameAt(i, j);
        int first = 0;
        while (!found.lines().get(first).frames().contains(at)) {
          first++;
        }
        words.add(linesBefore + first + 1 + " " + inWords(event.frames().get(j)));
      }
    }
  }

  private static String inWords(StackFrame frame) {
    Long address = frame.runtimeAddress();
    String build = frame.buildId() == null ? "" : " " + frame.buildId();
    return (address == null ? "" : "0x" + Long.toHexString(address) + " ")
        + frame.symbol()
        + (frame.offsetBytes() < 0 ? "" : "+0x" + Long.toHexString(frame.offsetBytes()))
        + (frame.module() == null ? "" : " [" + frame.module() + build + "]")
        + (frame.context() == null ? "" : " <" + frame.context() + ">")
        + (frame.source() == null ? "" : " " + frame.source())
        + (frame.exact() ? " pc" : "")
        + (frame.unreliable() ? " ?" : "");
  }
}
