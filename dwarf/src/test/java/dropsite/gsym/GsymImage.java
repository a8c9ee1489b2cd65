package dropsite.gsym;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a GSYM file holds, decoded.
 *
 * @param bigEndian byte order of the file
 * @param uuid lower-case hex; may be empty
 * @param functions by ascending address
 */
record GsymImage(boolean bigEndian, String uuid, long baseAddress, List<Function> functions) {

  /**
   * One address range of a function.
   *
   * @param inlined the function itself as root of its inlined calls; null when it has none
   * @param merged further functions of the same range
   */
  record Function(
      long start,
      long sizeBytes,
      String name,
      List<Row> rows,
      @Nullable Node inlined,
      List<Function> merged) {

    boolean hasSource() {
      return !rows.isEmpty() || inlined != null;
    }

    long end() {
      return start + sizeBytes;
    }

    Function withRows(List<Row> rows) {
      return new Function(start, sizeBytes, name, rows, inlined, merged);
    }

    Function withMerged(List<Function> merged) {
      return new Function(start, sizeBytes, name, rows, inlined, merged);
    }

    static Function symbol(long start, long sizeBytes, String name) {
      return new Function(start, sizeBytes, name, List.of(), null, List.of());
    }
  }

  /**
   * From this address on, up to the next row, code belongs to this line.
   *
   * @param file path; null when there is none
   */
  record Row(long address, @Nullable String file, int line) {}

  /** An inlined call with those inside it. */
  record Node(
      String name,
      @Nullable String callFile,
      int callLine,
      List<Range> ranges,
      List<Node> children) {}

  /** Addresses from start on. */
  record Range(long start, long sizeBytes) {}
}
