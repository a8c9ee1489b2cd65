package dropsite.gsym;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The string table of a file being written: each string once, the empty one first. */
final class StringPool {
  private final Map<String, Integer> offsets = new ConcurrentHashMap<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);

  StringPool() {
    offset("");
  }

  /** Returns the offset of a string, added when it is new. */
  int offset(String string) {
    Integer known = offsets.get(string);
    return known == null ? offsets.computeIfAbsent(string, this::append) : known;
  }

  private int append(String string) {
    synchronized (bytes) {
      int offset = bytes.size();
      bytes.writeBytes(string.getBytes(StandardCharsets.UTF_8));
      bytes.write(0);
      return offset;
    }
  }

  int sizeBytes() {
    return bytes.size();
  }

  byte[] encode() {
    return bytes.toByteArray();
  }
}
