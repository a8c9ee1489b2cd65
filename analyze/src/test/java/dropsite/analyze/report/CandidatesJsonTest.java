package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.StackResolver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A frame that several functions fit, as JSON. */
final class CandidatesJsonTest {
  private static final long TEXT = 0xffffffff81000000L;

  @Test
  void allThatAFrameMayBeIsTold() throws IOException {
    MemorySymbols symbols =
        new MemorySymbols()
            .with("single", TEXT, 0x100, "s.c", 1)
            .with("twin", TEXT + 0x100, 0x100, "one.c", 2)
            .symbol("twin", TEXT + 0x200, 0x100)
            .chain(
                TEXT + 0x200,
                MemorySymbols.inlined("wrapper", "w.h", 3),
                MemorySymbols.function("twin", "other.c", 4));
    KernelImage image = KernelImage.of(symbols, Map.of(), KernelFacts.NONE, false);
    List<StackFrame> frames =
        List.of(
            StackFrame.ofSymbol("twin", 0x40, StackFrame.UNKNOWN),
            StackFrame.ofSymbol("single", 0x20, StackFrame.UNKNOWN));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      new JsonStack(image, SourceNames.of(image, true))
          .write(
              json,
              new StackResolver(image, false)
                  .resolve(new StackEvent("text", 1, "", EventFacts.NONE, frames, 1)),
              1);
    }
    JsonNode written = new ObjectMapper().readTree(out.toByteArray()).get("frames");
    assertThat(written.get(0).get("candidates"))
        .hasToString(
            "[[{\"function\":\"twin\",\"file\":\"one.c\",\"line\":2,\"column\":null}],"
                + "[{\"function\":\"wrapper\",\"file\":\"w.h\",\"line\":3,\"column\":null},"
                + "{\"function\":\"twin\",\"file\":\"other.c\",\"line\":4,\"column\":null}]]");
    assertThat(written.get(1).has("candidates")).isFalse();
  }
}
