package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes JSON as UTF-8, whatever texts hold: half a surrogate pair is no character. */
final class JsonText extends JsonGeneratorDelegate {
  private static final char REPLACEMENT = '\ufffd';

  private JsonText(JsonGenerator target) {
    super(target, false);
  }

  /**
   * Begins a text.
   *
   * @param out left open
   */
  static JsonGenerator to(OutputStream out, PrettyPrinter layout) throws IOException {
    JsonGenerator target = new JsonFactory().createGenerator(out, JsonEncoding.UTF8);
    target.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    target.setPrettyPrinter(layout);
    target.setCharacterEscapes(new Invisible());
    return new JsonText(target);
  }

  /** Escapes what terminals obey or nobody sees: controls, marks of direction and the like. */
  private static final class Invisible extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      codes[0x7f] = ESCAPE_STANDARD;
      return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return switch (Character.getType(character)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            character > Character.MAX_VALUE
                ? null
                : new SerializedString(String.format(Locale.ROOT, "\\u%04X", character));
        default -> null;
      };
    }
  }

  @Override
  public void writeString(@Nullable String text) throws IOException {
    if (text == null) {
      super.writeNull();
    } else {
      super.writeString(whole(text));
    }
  }

  @Override
  public void writeFieldName(String name) throws IOException {
    super.writeFieldName(whole(name));
  }

  private static String whole(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      mended = mended == null ? new StringBuilder(text) : mended;
      mended.setCharAt(i, REPLACEMENT);
    }
    return mended == null ? text : mended.toString();
  }

  static void number(JsonGenerator json, String name, @Nullable Long value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  static void texts(JsonGenerator json, String name, Iterable<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
