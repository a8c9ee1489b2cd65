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
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A frame that was not recorded, as text and as JSON. */
final class ElidedFrameTextTest {
  private static final long TEXT = 0xffffffff81000000L;

  /** caller calls passing, which ends in a jump to called, inlined there as wrapper. */
  private static final KernelImage IMAGE =
      KernelImage.of(
          new MemorySymbols()
              .with("caller", TEXT, 0x100, "c.c", 1)
              .with("passing", TEXT + 0x100, 0x100, "p.c", 2)
              .with("called", TEXT + 0x200, 0x100, "d.c", 3)
              .chain(
                  TEXT + 0x120,
                  MemorySymbols.inlined("wrapper", "w.h", 8),
                  MemorySymbols.function("passing", "p.c", 9))
              .call(TEXT, TEXT + 0x20, "passing", false)
              .call(TEXT + 0x100, TEXT + 0x130, "called", true),
          Map.of(),
          KernelFacts.NONE,
          false);

  private static ResolvedStack stack() throws IOException {
    List<StackFrame> frames =
        List.of(
            StackFrame.ofSymbol("called", 0x40, StackFrame.UNKNOWN),
            StackFrame.ofSymbol("caller", 0x20, StackFrame.UNKNOWN).inContext("TASK"));
    return new StackResolver(IMAGE, false)
        .resolve(new StackEvent("text", 1, "", EventFacts.NONE, frames, 1));
  }

  @Test
  void itsLinesStandBetweenTheFramesThatWereRecorded() throws IOException {
    FrameLines lines = new FrameLines(SourceNames.of(IMAGE, true));
    assertThat(lines.of(stack().elided().getFirst().getFirst()))
        .containsExactly(
            "        (elided) wrapper at w.h:8", "        (inlined by) passing at p.c:9");
    assertThat(stack().missingAbove(1)).isEqualTo(stack().elided().getFirst());
    assertThat(stack().missingAbove(0)).isEmpty();
  }

  @Test
  void inJsonItIsMarkedAndItsEvidenceIsARepair() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      new JsonStack(IMAGE, SourceNames.of(IMAGE, true)).write(json, stack(), 1);
    }
    JsonNode stack = new ObjectMapper().readTree(out.toByteArray());
    assertThat(stack.get("frames").findValuesAsText("function"))
        .containsExactly("called", "wrapper", "passing", "caller");
    assertThat(stack.get("frames").findValuesAsText("elided"))
        .containsExactly("false", "true", "true", "false");
    assertThat(stack.get("frames").get(1).get("address").isNull()).isTrue();
    assertThat(stack.get("frames").get(3).get("context").asText()).isEqualTo("TASK");
    assertThat(stack.get("repairs").get(0).get("kind").asText()).isEqualTo("elided");
    assertThat(stack.get("repairs").get(0).get("evidence").asText())
        .isEqualTo("the call that returns to caller+0x20 is of passing, which jumps to called");
  }
}
