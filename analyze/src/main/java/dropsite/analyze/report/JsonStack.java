package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.Slide;
import dropsite.analyze.stack.Repair;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes stacks as JSON: one object for each. */
public final class JsonStack {
  private final KernelImage image;
  private final JsonFrame frames;

  /**
   * @param image that the stacks were resolved against
   * @param names of its sources
   */
  public JsonStack(KernelImage image, SourceNames names) {
    this.image = image;
    this.frames = new JsonFrame(names);
  }

  /**
   * Writes a stack as an object of its own.
   *
   * @param number of the stack in its input, from 1
   */
  public void write(JsonGenerator json, ResolvedStack stack, long number) throws IOException {
    json.writeStartObject();
    json.writeNumberField("stack", number);
    json.writeStringField("source", stack.event().position());
    json.writeStringField("kind", stack.event().kind().word());
    json.writeNumberField("count", stack.event().count());
    json.writeStringField("title", stack.event().title());
    writeKernel(json, stack);
    writeSlide(json, stack.slide());
    if (stack.foundSlide().doubt() != null) {
      json.writeStringField("slideDoubt", stack.foundSlide().doubt());
    }
    json.writeArrayFieldStart("frames");
    frames.write(json, stack);
    json.writeEndArray();
    json.writeArrayFieldStart("repairs");
    for (Repair repair : stack.repairs()) {
      json.writeStartObject();
      json.writeStringField("kind", repair.kind());
      json.writeNumberField("frame", repair.frame());
      json.writeStringField("evidence", repair.evidence());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeKernel(JsonGenerator json, ResolvedStack stack) throws IOException {
    KernelFacts facts = image.facts();
    String buildId = facts.buildId();
    if (buildId == null && image.isVeryKernel(stack.slide())) {
      buildId = image.vmlinux().flatMap(DebugSymbols::buildId).orElse(null);
    }
    json.writeObjectFieldStart("kernel");
    json.writeStringField("release", facts.releaseOf(stack.event()));
    json.writeStringField("buildId", buildId);
    json.writeEndObject();
  }

  static void writeSlide(JsonGenerator json, @Nullable Slide slide) throws IOException {
    json.writeStringField("slide", slide == null ? null : hex(slide.bytes()));
    json.writeStringField("slideSource", slide == null ? "none" : slide.source().word());
    if (slide != null && slide.source() == Slide.Source.INFERRED) {
      json.writeNumberField("slideScore", slide.agreeing());
      json.writeNumberField("slideRunnerUp", slide.runnerUp());
    }
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
