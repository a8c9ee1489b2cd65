package dropsite.capture.tracefs;

import dropsite.bytes.MalformedInputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a record of an event lies in memory, as the kernel's own {@code format} file says: fields
 * move between kernels.
 *
 * @param id that records of the event begin with; 0 of formats that are no event
 * @param fields by name
 */
record EventFormat(int id, Map<String, Field> fields) {
  private static final Pattern ID = Pattern.compile("(?m)^ID: (\\d{1,5})$");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?m)^\\s*field:\\s*([^;]*?)(\\w+)(?:\\[[^];]*])?;\\s*offset:(\\d{1,6});\\s*size:(\\d{1,6});"
              + "\\s*signed:([01]);");

  /**
   * A field of a record.
   *
   * @param offset in bytes from the record's start
   * @param sizeBytes 0 where the record's end decides
   * @param signed whether its type is
   * @param dynamic whether it holds only where in the record the value lies (__data_loc)
   */
  record Field(int offset, int sizeBytes, boolean signed, boolean dynamic) {}

  /**
   * @param file for messages
   */
  static EventFormat parse(String file, String text) {
    Matcher id = ID.matcher(text);
    Map<String, Field> fields = new LinkedHashMap<>();
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      fields.put(
          field.group(2),
          new Field(
              Integer.parseInt(field.group(3)),
              Integer.parseInt(field.group(4)),
              "1".equals(field.group(5)),
              field.group(1).startsWith("__data_loc")));
    }
    if (fields.isEmpty()) {
      throw new MalformedInputException(file, "names no fields");
    }
    return new EventFormat(id.find() ? Integer.parseInt(id.group(1)) : 0, fields);
  }

  /** Returns a field that every record of this kind has. */
  Field need(String file, String name) {
    return field(name).orElseThrow(() -> new MalformedInputException(file, "has no field " + name));
  }

  Optional<Field> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }
}
