package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import java.util.function.Consumer;

/**
 * The further functions of an address range ({@code llvm/DebugInfo/GSYM/MergedFunctionsInfo.h}).
 */
final class MergedFunctions {
  private MergedFunctions() {}

  /**
   * Hands over each function merged into another, in the file's order; one level, as the format
   * allows no more.
   *
   * @param file the whole file
   */
  static void forEach(Bytes file, FunctionInfo function, Consumer<FunctionInfo> consumer) {
    FunctionInfo.Part merged = function.merged();
    if (merged == null) {
      return;
    }
    ByteCursor cursor = merged.cursor(file);
    long count = cursor.u32();
    for (long i = 0; i < count; i++) {
      ByteCursor one = cursor.sub(cursor.u32());
      consumer.accept(FunctionInfo.read(one, function.start()));
    }
  }
}
