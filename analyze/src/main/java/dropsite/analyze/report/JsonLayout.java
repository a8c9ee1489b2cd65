package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import java.io.IOException;

/**
 * Lays a report out so that lines can be read and searched: members of the outer objects stand on
 * lines of their own, objects in them are a line each.
 */
final class JsonLayout implements PrettyPrinter {
  private static final int MOST_LEVELS = 64;
  private static final String INDENT = "  ";

  /** For each level whether what stands in it begins lines. */
  private final boolean[] lines = new boolean[MOST_LEVELS];

  private final boolean[] arrays = new boolean[MOST_LEVELS];

  /** Whether a line has been begun in the array of a level. */
  private final boolean[] broken = new boolean[MOST_LEVELS];

  private int level;
  private int spread;

  /** Says of how many outer objects members have lines of their own. */
  void spread(int objects) {
    spread = objects;
  }

  @Override
  public void writeRootValueSeparator(JsonGenerator json) throws IOException {
    json.writeRaw('\n');
  }

  @Override
  public void writeStartObject(JsonGenerator json) throws IOException {
    if (arrays[level] && lines[level]) {
      broken[level] = true;
      newLine(json, level);
    }
    json.writeRaw('{');
    int outer = 0;
    for (int i = 1; i <= level; i++) {
      outer += arrays[i] ? 0 : 1;
    }
    boolean own = outer < spread;
    enter(own, false);
  }

  private void enter(boolean ownLines, boolean array) {
    level++;
    if (level == MOST_LEVELS) {
      throw new IllegalStateException("reports are not that deep");
    }
    lines[level] = ownLines;
    arrays[level] = array;
    broken[level] = false;
  }

  @Override
  public void writeEndObject(JsonGenerator json, int members) throws IOException {
    boolean own = lines[level];
    level--;
    if (own && members > 0) {
      newLine(json, level);
    }
    json.writeRaw('}');
  }

  @Override
  public void beforeObjectEntries(JsonGenerator json) throws IOException {
    if (lines[level]) {
      newLine(json, level);
    }
  }

  @Override
  public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
    json.writeRaw(',');
    if (lines[level]) {
      newLine(json, level);
    } else {
      json.writeRaw(' ');
    }
  }

  @Override
  public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
    json.writeRaw(": ");
  }

  @Override
  public void writeStartArray(JsonGenerator json) throws IOException {
    json.writeRaw('[');
    enter(lines[level], true);
  }

  @Override
  public void writeEndArray(JsonGenerator json, int values) throws IOException {
    boolean own = broken[level];
    level--;
    if (own) {
      newLine(json, level);
    }
    json.writeRaw(']');
  }

  @Override
  public void beforeArrayValues(JsonGenerator json) {
    // An object begins its own line.
  }

  @Override
  public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
    json.writeRaw(lines[level] && broken[level] ? "," : ", ");
  }

  private static void newLine(JsonGenerator json, int indents) throws IOException {
    json.writeRaw('\n');
    for (int i = 0; i < indents; i++) {
      json.writeRaw(INDENT);
    }
  }
}
