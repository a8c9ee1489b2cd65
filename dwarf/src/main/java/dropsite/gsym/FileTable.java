package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Source files by number: a directory and a name each; number 0 stands for "no file". */
final class FileTable {
  private static final int ENTRY_SIZE = 2 * Integer.BYTES;

  // What is kept of damaged files must not fill the memory.
  private static final int MOST_KEPT = 1 << 16;
  private static final int LONGEST_KEPT = 512;

  private final Bytes entries;
  private final long count;
  private final StringTable strings;

  /** Paths made so far; threads may make the same one twice. */
  private final @Nullable String[] paths;

  /**
   * @param file the whole file
   * @param offset where the table begins
   */
  FileTable(Bytes file, long offset, StringTable strings) {
    this.count = file.slice("file table", offset, Integer.BYTES).cursor(0).u32();
    this.entries = file.slice("file table", offset + Integer.BYTES, count * ENTRY_SIZE);
    this.strings = strings;
    this.paths = new String[Math.clamp(count, 0, MOST_KEPT)];
  }

  /** Returns the path of a file; null when the number stands for none. */
  @Nullable String path(long number) {
    if (number == 0) {
      return null;
    }
    if (number < 0 || number >= count) {
      throw entries.malformed(
          0, "file " + Long.toUnsignedString(number) + " of only " + count + " files");
    }
    if (number >= paths.length) {
      return read(number);
    }
    String known = paths[(int) number];
    if (known != null) {
      return known;
    }
    String path = read(number);
    if (path != null && path.length() <= LONGEST_KEPT) {
      paths[(int) number] = path;
    }
    return path;
  }

  private @Nullable String read(long number) {
    ByteCursor cursor = entries.cursor(number * ENTRY_SIZE);
    String directory = strings.at(cursor.u32());
    String name = strings.at(cursor.u32());
    if (directory.isEmpty()) {
      return name.isEmpty() ? null : name;
    }
    return directory.endsWith("/") ? directory + name : directory + "/" + name;
  }
}
