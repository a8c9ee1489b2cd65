package dropsite.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The checked-in list of addresses at which an oracle is wrong, each with the DWARF that says so.
 *
 * <p>A tab-separated file with the columns build-id, file, section ({@code -} in a linked file),
 * first and last offset (hex, inclusive), oracle, reason, DWARF. Lines that start with {@code #}
 * are comments.
 */
final class KnownFaults {
  private record Fault(
      String buildId, String section, long first, long last, String oracle, String line) {
    boolean covers(Disagreement disagreement) {
      Query query = disagreement.query();
      return buildId.equals(disagreement.buildId())
          && oracle.equals(disagreement.oracle())
          && section.equals(query.section().isEmpty() ? "-" : query.section())
          && Long.compareUnsigned(query.offset(), first) >= 0
          && Long.compareUnsigned(query.offset(), last) <= 0;
    }
  }

  private static final int COLUMNS = 8;

  private final List<Fault> faults = new ArrayList<>();
  private final Set<Fault> met = new HashSet<>();

  static KnownFaults read(Path file) throws IOException {
    KnownFaults faults = new KnownFaults();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        faults.faults.add(parse(line));
      }
    }
    return faults;
  }

  private static Fault parse(String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length != COLUMNS || cells[6].isBlank() || cells[7].isBlank()) {
      throw new IllegalStateException(
          "an exception needs " + COLUMNS + " columns, reason and DWARF among them: " + line);
    }
    return new Fault(
        cells[0], cells[2], Long.decode(cells[3]), Long.decode(cells[4]), cells[5], line);
  }

  /** Returns whether a disagreement is listed, and remembers that its entry is of use. */
  boolean covers(Disagreement disagreement) {
    boolean covered = false;
    for (Fault fault : faults) {
      if (fault.covers(disagreement)) {
        met.add(fault);
        covered = true;
      }
    }
    return covered;
  }

  /** Returns the entries about a file and an oracle that covered nothing yet. */
  List<String> unmet(String buildId, String oracle) {
    return faults.stream()
        .filter(fault -> fault.buildId.equals(buildId) && fault.oracle.equals(oracle))
        .filter(fault -> !met.contains(fault))
        .map(Fault::line)
        .toList();
  }
}
