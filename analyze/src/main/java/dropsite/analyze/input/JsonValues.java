package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dropsite.bytes.MalformedInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads a JSON text value by value, streaming; what is wrong is said with the line it is on. */
final class JsonValues implements Closeable {
  private final String source;
  private final JsonParser parser;

  /**
   * @param source the file as the user named it, for messages
   * @param input closed by {@link #close}
   */
  JsonValues(String source, InputStream input) throws IOException {
    this.source = source;
    this.parser = new JsonFactory().createParser(input);
  }

  /** Moves on and returns what comes next; null at the end. */
  @Nullable JsonToken next() throws IOException {
    return read(parser::nextToken);
  }

  /** Moves to the value of the next field of an object; returns its name, null at the end. */
  @Nullable String nextField() throws IOException {
    if (next() != JsonToken.FIELD_NAME) {
      return null;
    }
    String name = parser.currentName();
    next();
    return name;
  }

  @Nullable JsonToken current() {
    return parser.currentToken();
  }

  /** Returns the name of the current field. */
  String name() throws IOException {
    return parser.currentName();
  }

  /** Returns whether the current value ends or begins outside of any other. */
  boolean atRoot() {
    return parser.getParsingContext().inRoot();
  }

  /** Moves to the end of the current value, which may hold others. */
  void skip() throws IOException {
    read(parser::skipChildren);
  }

  /** Returns the 1-based line of the current value. */
  long line() {
    return parser.currentTokenLocation().getLineNr();
  }

  /** Returns a number written as such or as a string, hexadecimal after 0x; null for null. */
  @Nullable Long number() throws IOException {
    return read(this::anyNumber);
  }

  private @Nullable Long anyNumber() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? unsigned(parser.getBigIntegerValue().toString(), 10)
              : parser.getLongValue();
      case VALUE_STRING -> {
        String text = parser.getText();
        yield text.startsWith("0x") ? unsigned(text.substring(2), 16) : unsigned(text, 10);
      }
      case VALUE_NULL -> null;
      default -> throw malformed(parser.currentName() + ": expected a number");
    };
  }

  /** Returns the same for how often something came up: 1 where that is not told. */
  long count() throws IOException {
    Long number = number();
    return number == null ? 1 : number;
  }

  private long unsigned(String digits, int radix) {
    try {
      return Long.parseUnsignedLong(digits, radix);
    } catch (NumberFormatException e) {
      throw malformed("expected a number of at most 64 bits, found \"" + digits + "\"");
    }
  }

  /** Returns any scalar as text; null for null. */
  @Nullable String text() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (!parser.currentToken().isScalarValue()) {
      throw malformed(parser.currentName() + ": expected a string");
    }
    return read(parser::getText);
  }

  /** Values are looked at when they are asked for: each may turn out to be no JSON. */
  private <T> @Nullable T read(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage());
    }
  }

  private interface Reading<T> {
    @Nullable T read() throws IOException;
  }

  /** Makes the exception that says what is wrong at the current value. */
  MalformedInputException malformed(String problem) {
    return new MalformedInputException(source, "line " + line() + ": " + problem);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
