package dropsite.analyze.kernel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads kernel.json, the description of the kernel that stands beside JSON events.
 *
 * <p>Known names: {@code release}, {@code version}, {@code build_id}, {@code symbols} (name to
 * address in hex), {@code modules} (objects of {@code name}, {@code base}, {@code size}, {@code
 * build_id} and {@code sections}, name to address) and {@code reasons} and {@code subsystems} of
 * reasons (number to name). Others are skipped.
 */
public final class KernelFactsReader {
  private final String source;
  private final JsonParser parser;
  private final Map<String, Long> symbols = new HashMap<>();
  private final List<LoadedModule> modules = new ArrayList<>();
  private final Map<Long, String> reasons = new HashMap<>();
  private final Map<Long, String> subsystems = new HashMap<>();
  private @Nullable String release;
  private @Nullable String version;
  private @Nullable String buildId;

  private KernelFactsReader(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /** Reads a description whole. */
  public static KernelFacts read(Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file);
        JsonParser parser = new JsonFactory().createParser(input)) {
      return new KernelFactsReader(file.toString(), parser).kernel();
    } catch (JsonProcessingException e) {
      throw new MalformedInputException(
          file.toString(), at(e.getLocation()) + e.getOriginalMessage());
    }
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null ? "" : "line " + location.getLineNr() + ": ";
  }

  private KernelFacts kernel() throws IOException {
    parser.nextToken();
    object(name -> {
      switch (name) {
        case "release" -> release = text();
        case "version" -> version = text();
        case "build_id" -> buildId = text().toLowerCase(Locale.ROOT);
        case "symbols" -> object(symbol -> symbols.put(symbol, address()));
        case "reasons" -> object(number -> reasons.put(decimal(number), text()));
        case "subsystems" -> object(number -> subsystems.put(decimal(number), text()));
        case "modules" -> modules();
        default -> parser.skipChildren();
      }
    });
    return new KernelFacts(
        source, release, version, buildId, symbols, modules, reasons, subsystems, Kallsyms.NONE);
  }

  private void modules() throws IOException {
    expect(JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      ModuleFields fields = new ModuleFields();
      object(name -> {
        switch (name) {
          case "name" -> fields.name = text();
          case "base" -> fields.base = address();
          case "size" -> fields.sizeBytes = address();
          case "build_id" -> fields.buildId = text().toLowerCase(Locale.ROOT);
          case "sections" -> object(section -> fields.sections.put(section, address()));
          default -> parser.skipChildren();
        }
      });
      if (!fields.name.isEmpty()) {
        fields.sections.values().removeIf(address -> address == 0);
        modules.add(
            new LoadedModule(
                fields.name, fields.base, fields.sizeBytes, fields.buildId, fields.sections));
      }
    }
  }

  /** Reads an object, the current token, handing each field's name over with its value current. */
  private void object(FieldReader reader) throws IOException {
    expect(JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      reader.read(name);
    }
  }

  private void expect(JsonToken token) throws IOException {
    if (parser.currentToken() != token) {
      throw malformed("expected " + token + ", found " + parser.currentToken());
    }
  }

  private String text() throws IOException {
    expect(JsonToken.VALUE_STRING);
    return parser.getText();
  }

  /** Returns an address or size: a number, or a string of hex digits with or without 0x. */
  private long address() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    String text = text();
    try {
      return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, 16);
    } catch (NumberFormatException e) {
      throw malformed("expected an address in hex, found \"" + text + "\"");
    }
  }

  private long decimal(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw malformed("expected a reason's number, found \"" + text + "\"");
    }
  }

  private MalformedInputException malformed(String problem) {
    return new MalformedInputException(
        source, "line " + parser.currentTokenLocation().getLineNr() + ": " + problem);
  }

  /** Takes the value of one field. */
  private interface FieldReader {
    void read(String name) throws IOException;
  }

  /** What has been read of one module; mutable while its fields arrive in any order. */
  private static final class ModuleFields {
    private String name = "";
    private long base;
    private long sizeBytes;
    private @Nullable String buildId;
    private final Map<String, Long> sections = new HashMap<>();
  }
}
