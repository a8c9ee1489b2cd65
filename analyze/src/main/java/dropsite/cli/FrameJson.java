package dropsite.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.command.Output;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Answers as JSON, one object a line; innermost frames first. */
final class FrameJson {
  private final JsonGenerator json;

  FrameJson(Output out) throws IOException {
    json = new JsonFactory().createGenerator(out);
    // The output's own flush decides when bytes leave.
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setRootValueSeparator(null);
  }

  /** Begins the object of one question. */
  FrameJson begin(String query) throws IOException {
    json.writeStartObject();
    json.writeStringField("query", query);
    return this;
  }

  FrameJson text(String field, @Nullable String value) throws IOException {
    json.writeStringField(field, value);
    return this;
  }

  FrameJson number(String field, long value) throws IOException {
    json.writeNumberField(field, value);
    return this;
  }

  FrameJson address(String field, long value) throws IOException {
    json.writeStringField(field, "0x" + Long.toHexString(value));
    return this;
  }

  FrameJson texts(String field, List<String> values) throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
    return this;
  }

  /**
   * Writes the chain of frames.
   *
   * @param paths what is done to file names before they are written
   */
  FrameJson frames(List<SourceFrame> frames, UnaryOperator<String> paths) throws IOException {
    json.writeArrayFieldStart("frames");
    for (SourceFrame frame : frames) {
      json.writeStartObject();
      json.writeStringField("symbol", frame.symbol());
      json.writeStringField("function", frame.function());
      String file = frame.file();
      json.writeStringField("file", file == null ? null : paths.apply(file));
      json.writeNumberField("line", Integer.toUnsignedLong(frame.line()));
      json.writeNumberField("column", Integer.toUnsignedLong(frame.column()));
      json.writeNumberField("discriminator", Integer.toUnsignedLong(frame.discriminator()));
      json.writeBooleanField("inlined", frame.inlined());
      json.writeEndObject();
    }
    json.writeEndArray();
    return this;
  }

  /** Ends the object and its line. */
  void end() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }
}
