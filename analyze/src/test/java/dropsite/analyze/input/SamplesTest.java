package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Posted stack texts against what a reader finds in them: every stack, frame and marker (format in
 * testdata/samples-truth/README.md).
 */
final class SamplesTest {
  private static final Path TRUTH = Path.of("..", "testdata", "samples-truth");

  @TestFactory
  Stream<DynamicTest> stacksAreWhatAReaderFinds() throws IOException {
    return Samples.texts().stream()
        .map(text -> {
          String name = text.getFileName().toString();
          return DynamicTest.dynamicTest(name, () -> check(text, name));
        });
  }

  private static void check(Path text, String name) throws IOException {
    byte[] bytes = Files.readAllBytes(text);
    Found found = Found.in(bytes);
    assertThat(found.joined).as(name + ": its lines, joined again").hasToString(latin(bytes));
    Path truth = TRUTH.resolve(name.replace(".txt", ".json"));
    assertThat(truth).as(name + ": what is in it").isRegularFile();
    JsonNode stacks = new ObjectMapper().readTree(truth.toFile()).required("stacks");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < stacks.size(); i++) {
      expected.addAll(inWords(stacks.get(i)));
      if (stacks.get(i).has("title") && i < found.events.size()) {
        assertThat(found.events.get(i).title())
            .as(name + ": title of stack " + i)
            .isEqualTo(stacks.get(i).get("title").asText());
      }
    }
    assertThat(String.join("\n", found.inWords())).as(name).isEqualTo(String.join("\n", expected));
  }

  private static List<String> inWords(JsonNode stack) {
    List<String> words = new ArrayList<>();
    words.add(
        "stack at line %d, %s, count %d"
            .formatted(
                stack.required("line").asLong(),
                stack.required("kind").asText(),
                stack.path("count").asLong(1)));
    for (JsonNode frame : stack.required("frames")) {
      words.add(
          inWords(
              frame.required("line").asLong(),
              text(frame, "address"),
              text(frame, "symbol"),
              text(frame, "offset"),
              text(frame, "size"),
              text(frame, "module"),
              text(frame, "buildId"),
              text(frame, "context"),
              text(frame, "source"),
              frame.path("exact").asBoolean(false),
              frame.path("unreliable").asBoolean(false)));
    }
    return words;
  }

  private static @Nullable String text(JsonNode frame, String field) {
    return frame.hasNonNull(field) ? frame.get(field).asText() : null;
  }

  private static String inWords(
      long line,
      @Nullable String address,
      @Nullable String symbol,
      @Nullable String offset,
      @Nullable String size,
      @Nullable String module,
      @Nullable String buildId,
      @Nullable String context,
      @Nullable String source,
      boolean exact,
      boolean unreliable) {
    StringBuilder words = new StringBuilder("  line " + line + ":");
    add(words, "address", address);
    add(words, "symbol", symbol);
    add(words, "offset", offset);
    add(words, "size", size);
    add(words, "module", module);
    add(words, "buildId", buildId);
    add(words, "context", context);
    add(words, "source", source);
    return words.append(exact ? " exact" : "").append(unreliable ? " unreliable" : "").toString();
  }

  private static void add(StringBuilder words, String name, @Nullable String value) {
    if (value != null) {
      words.append(' ').append(name).append(' ').append(value);
    }
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** What was found in a text, and the text put together again from its pieces. */
  private static final class Found {
    private final List<StackEvent> events = new ArrayList<>();

    /** By stack, the line that each frame stands on first. */
    private final List<Map<Integer, Long>> lines = new ArrayList<>();

    private final StringBuilder joined = new StringBuilder();
    private long line;

    static Found in(byte[] bytes) throws IOException {
      Found found = new Found();
      try (StackText text = new StackText("sample", new ByteArrayInputStream(bytes))) {
        for (TextPiece piece = text.next(); piece != null; piece = text.next()) {
          found.add(piece);
        }
      }
      return found;
    }

    private void add(TextPiece piece) {
      switch (piece) {
        case TextPiece.Other other -> add(other.line());
        case TextPiece.Stacks stacks -> {
          int first = events.size();
          events.addAll(stacks.events());
          stacks.events().forEach(event -> lines.add(new HashMap<>()));
          for (TextPiece.Line within : stacks.lines()) {
            add(within.raw());
            for (TextPiece.FrameAt at : within.frames()) {
              lines.get(first + at.stack()).putIfAbsent(at.frame(), line);
            }
          }
        }
      }
    }

    private void add(RawLine raw) {
      line++;
      joined.append(raw.text()).append(raw.end());
    }

    List<String> inWords() {
      List<String> words = new ArrayList<>();
      for (int i = 0; i < events.size(); i++) {
        StackEvent event = events.get(i);
        words.add(
            "stack at line %d, %s, count %d"
                .formatted(
                    event.line(),
                    event.kind() == StackEvent.Kind.PLACE ? "place" : "stack",
                    event.count()));
        for (int j = 0; j < event.frames().size(); j++) {
          words.add(inWords(event.frames().get(j), lines.get(i).getOrDefault(j, 0L)));
        }
      }
      return words;
    }

    private static String inWords(StackFrame frame, long line) {
      Long address = frame.runtimeAddress();
      return SamplesTest.inWords(
          line,
          address == null ? null : "0x" + Long.toHexString(address),
          frame.symbol(),
          number(frame.offsetBytes()),
          number(frame.sizeBytes()),
          frame.module(),
          frame.buildId(),
          frame.context(),
          frame.source(),
          frame.exact(),
          frame.unreliable());
    }

    private static @Nullable String number(long value) {
      return value == StackFrame.UNKNOWN ? null : Long.toString(value);
    }
  }
}
