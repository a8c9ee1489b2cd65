package dropsite.gsym;

import dropsite.bytes.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The string table and the file table of a file being written, in the order in which their entries
 * are first asked for: the empty string and "no file" first.
 */
final class NameTables {
  private static final int NONE = -1;

  private final StringPool strings;

  /** Offset of each string in the table, by its number in the pool. */
  private final int[] stringOffsets;

  private final int[] fileNumbers;
  private final int[] directories;
  private final int[] baseNames;
  private final ByteSink stringTable = new ByteSink();
  private final ByteSink fileTable = new ByteSink();
  private int fileCount;

  /**
   * @param strings all names of functions; names of files are added
   * @param files all paths
   */
  NameTables(StringPool strings, StringPool files) {
    this.strings = strings;
    int empty = strings.number("");
    this.directories = new int[files.count()];
    this.baseNames = new int[files.count()];
    for (int i = 0; i < files.count(); i++) {
      String path = files.at(i);
      int slash = path.lastIndexOf('/');
      // The root's own slash belongs to the directory, every other one stands between the two.
      directories[i] = strings.number(slash < 0 ? "" : path.substring(0, Math.max(slash, 1)));
      baseNames[i] = strings.number(path.substring(slash + 1));
    }
    this.stringOffsets = new int[strings.count()];
    Arrays.fill(stringOffsets, NONE);
    this.fileNumbers = new int[files.count()];
    Arrays.fill(fileNumbers, NONE);
    fileTable.u32(0);
    addFile(empty, empty);
  }

  /** Returns the offset of a string in the string table. */
  int stringOffset(int number) {
    if (stringOffsets[number] == NONE) {
      stringOffsets[number] = stringTable.size();
      stringTable.raw(strings.at(number).getBytes(StandardCharsets.UTF_8));
      stringTable.u8(0);
    }
    return stringOffsets[number];
  }

  /** Returns the number of a file in the file table. */
  int fileNumber(int number) {
    if (fileNumbers[number] == NONE) {
      fileNumbers[number] = fileCount;
      addFile(directories[number], baseNames[number]);
    }
    return fileNumbers[number];
  }

  private void addFile(int directory, int baseName) {
    fileTable.u32(stringOffset(directory));
    fileTable.u32(stringOffset(baseName));
    fileCount++;
  }

  /** Returns the string table as it is now. */
  byte[] stringTable() {
    return stringTable.padded(1);
  }

  /** Returns the file table as it is now. */
  byte[] fileTable() {
    fileTable.set32(0, fileCount);
    return fileTable.padded(4);
  }
}
