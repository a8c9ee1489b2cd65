package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.stack.Argument;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the frames of a stack as JSON, inlined ones before those they are inlined into. */
final class JsonFrame {
  private final SourceNames names;

  JsonFrame(SourceNames names) {
    this.names = names;
  }

  /** Writes the frames of a stack into an array that has been begun. */
  void write(JsonGenerator json, ResolvedStack stack) throws IOException {
    for (ResolvedFrame frame : stack.whole()) {
      write(json, frame);
    }
  }

  /** Writes a frame, and before it what is inlined into it, into an array that has been begun. */
  void write(JsonGenerator json, ResolvedFrame frame) throws IOException {
    List<Layer> layers = frame.layers();
    if (layers.isEmpty()) {
      writeFrame(json, frame, null, false);
    }
    for (int i = 0; i < layers.size(); i++) {
      writeFrame(json, frame, layers.get(i), i + 1 < layers.size());
    }
  }

  private void writeFrame(
      JsonGenerator json, ResolvedFrame frame, @Nullable Layer layer, boolean inlined)
      throws IOException {
    Long address = frame.given().runtimeAddress();
    Long link = frame.linkAddress();
    json.writeStartObject();
    json.writeStringField("address", address == null ? null : JsonStack.hex(address));
    json.writeStringField("linkAddress", link == null ? null : JsonStack.hex(link));
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
}
