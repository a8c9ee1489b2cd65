package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.Slide;
import dropsite.analyze.stack.Argument;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.Repair;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes stacks as JSON: one object for each, inlined frames before those they are inlined into.
 */
public final class StackJson {
  private final KernelImage image;
  private final SourceNames names;

  /**
   * @param image that the stacks were resolved against
   * @param names of its sources
   */
  public StackJson(KernelImage image, SourceNames names) {
    this.image = image;
    this.names = names;
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
    writeFrames(json, stack);
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

  /** Writes the frames of a stack into an array that has been begun. */
  void writeFrames(JsonGenerator json, ResolvedStack stack) throws IOException {
    for (ResolvedFrame frame : stack.whole()) {
      List<Layer> layers = frame.layers();
      if (layers.isEmpty()) {
        writeFrame(json, frame, null, false);
      }
      for (int i = 0; i < layers.size(); i++) {
        writeFrame(json, frame, layers.get(i), i + 1 < layers.size());
      }
    }
  }

  private void writeFrame(
      JsonGenerator json, ResolvedFrame frame, @Nullable Layer layer, boolean inlined)
      throws IOException {
    Long address = frame.given().runtimeAddress();
    Long link = frame.linkAddress();
    json.writeStartObject();
    json.writeStringField("address", address == null ? null : hex(address));
    json.writeStringField("linkAddress", link == null ? null : hex(link));
    json.writeStringField("symbol", inlined ? null : frame.symbol());
    writeNumber(json, "offset", inlined ? -1 : frame.offsetBytes());
    writeNumber(json, "size", inlined ? -1 : frame.sizeBytes());
    json.writeStringField("module", frame.module());
    writeSource(json, layer == null ? null : layer.source());
    json.writeBooleanField("inlined", inlined);
    json.writeBooleanField("elided", frame.elided());
    json.writeBooleanField("hidden", frame.hidden());
    json.writeBooleanField("unreliable", frame.unreliable());
    json.writeBooleanField("exact", frame.exact());
    json.writeStringField("context", frame.context());
    json.writeObjectFieldStart("arguments");
    if (layer != null) {
      for (Argument argument : layer.arguments()) {
        json.writeStringField(argument.name(), argument.valueInWords());
      }
    }
    json.writeEndObject();
    json.writeStringField("note", frame.note());
    if (!inlined && !frame.others().isEmpty()) {
      writeCandidates(json, frame);
    }
    json.writeEndObject();
  }

  /** All that the frame may be, what stands in the frames themselves among it. */
  private void writeCandidates(JsonGenerator json, ResolvedFrame frame) throws IOException {
    json.writeArrayFieldStart("candidates");
    for (ResolvedFrame candidate : frame.candidates()) {
      json.writeStartArray();
      for (Layer layer : candidate.layers()) {
        json.writeStartObject();
        writeSource(json, layer.source());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void writeSource(JsonGenerator json, @Nullable SourceFrame source) throws IOException {
    String function = source == null ? null : source.function();
    json.writeStringField(
        "function", function == null && source != null ? source.symbol() : function);
    json.writeStringField("file", source == null ? null : names.path(source));
    writeNumber(json, "line", source == null || source.line() == 0 ? -1 : source.line());
    writeNumber(json, "column", source == null || source.column() == 0 ? -1 : source.column());
  }

  private static void writeNumber(JsonGenerator json, String name, long value) throws IOException {
    if (value < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
