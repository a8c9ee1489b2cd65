package dropsite.gsym;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The file table of a file being written: directory and base name of each file, number 0 for none.
 */
final class FilePool {
  private final StringPool strings;
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(int directory, int name) {}

  FilePool(StringPool strings) {
    this.strings = strings;
    entries.add(new Entry(0, 0));
  }

  /** Returns the number of a file, added when it is new; 0 for an unknown file. */
  int number(@Nullable String path) {
    if (path == null) {
      return 0;
    }
    Integer known = numbers.get(path);
    return known == null ? numbers.computeIfAbsent(path, this::append) : known;
  }

  private int append(String path) {
    int slash = path.lastIndexOf('/');
    // The root's own slash belongs to the directory, every other one stands between the two.
    String directory = slash < 0 ? "" : path.substring(0, Math.max(slash, 1));
    Entry entry = new Entry(strings.offset(directory), strings.offset(path.substring(slash + 1)));
    synchronized (entries) {
      entries.add(entry);
      return entries.size() - 1;
    }
  }

  int sizeBytes() {
    return 4 + 8 * entries.size();
  }

  byte[] encode() {
    Output table = new Output();
    table.u32(entries.size());
    for (Entry entry : entries) {
      table.u32(entry.directory);
      table.u32(entry.name);
    }
    return table.padded(4);
  }
}
