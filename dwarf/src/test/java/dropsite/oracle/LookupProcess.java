package dropsite.oracle;

import dropsite.dwarf.DwarfFile;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Looks up addresses in a JVM of its own, so that its heap can be bounded: {@code LookupProcess
 * FILE ADDRESSES}, where ADDRESSES is a file with a hex address on each line. Prints how many
 * addresses had a line, how many frames there were, and how many bytes of heap are in use with the
 * file still open.
 */
final class LookupProcess {
  private LookupProcess() {}

  public static void main(String[] arguments) throws IOException {
    long[] addresses;
    try (var lines = Files.lines(Path.of(arguments[1]))) {
      addresses = lines.mapToLong(line -> Long.parseUnsignedLong(line, 16)).toArray();
    }
    int withLine = 0;
    long frames = 0;
    try (DwarfFile file = DwarfFile.open(Path.of(arguments[0]))) {
      for (long address : addresses) {
        List<SourceFrame> chain = file.frames(address);
        frames += chain.size();
        if (!chain.isEmpty() && chain.getFirst().line() > 0) {
          withLine++;
        }
      }
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long kept = runtime.totalMemory() - runtime.freeMemory();
      System.out.println(withLine + " " + frames + " " + kept);
    }
  }
}
