package dropsite.capture.filter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tcpdump compiled expressions to, recorded in testdata/pcap-filter. */
final class RecordedPrograms {
  private static final Path FILE = Path.of("..", "testdata", "pcap-filter", "programs.txt");

  private RecordedPrograms() {}

  /** Returns programs by expression. */
  static Map<String, CbpfProgram> read() throws IOException {
    Map<String, CbpfProgram> programs = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(FILE);
    for (int at = 0; at < lines.size(); at++) {
      String line = lines.get(at);
      if (line.startsWith("# ")) {
        int count = Integer.parseInt(lines.get(at + 1));
        programs.put(line.substring(2), CbpfProgram.parse(lines.subList(at + 1, at + 2 + count)));
      }
    }
    return programs;
  }
}
