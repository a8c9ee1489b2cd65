package dropsite.gsym;

import dropsite.gsym.GsymImage.Function;
import dropsite.gsym.GsymImage.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Completes and shrinks what {@code llvm-gsymutil} wrote, for the symbol files under {@code
 * testdata/symbols}; {@code testdata/symbols/make} runs it.
 *
 * <p>It adds what the converter leaves out: code symbols that are not marked as functions (entry
 * code in assembly), the symbol-table names of functions that debugging information names otherwise
 * ({@code foo.isra.0}, aliases), and lines of functions without a DWARF entry. It leaves out rows
 * that no lookup can reach: those followed by another row at the same address.
 */
final class ShippedSymbols {
  private static final Pattern SECTION =
      Pattern.compile(
          "\\s*\\[\\s*(\\d+)] (\\S+)\\s+\\S+\\s+([0-9a-f]+) \\S+ ([0-9a-f]+) \\S+\\s+(\\S*X\\S*)"
              + " .*");

  private final GsymImage image;
  private final NavigableMap<Long, List<ElfSymbol>> symbols;

  private static final Pattern BUILD_ID = Pattern.compile("Build ID: ([0-9a-f]+)");

  /** What follows a marker such as {@code __entry_text_end} is filling, not code of its own. */
  private static final long LARGEST_UNSIZED = 4096;

  /** A code symbol of the image; those that are no functions reach up to the next symbol. */
  private record ElfSymbol(String name, long start, long sizeBytes, int rank, boolean function) {}

  private record Section(long start, long sizeBytes) {}

  private ShippedSymbols(GsymImage image, NavigableMap<Long, List<ElfSymbol>> symbols) {
    this.image = image;
    this.symbols = symbols;
  }

  /**
   * {@code gaps IN READELF} prints the addresses whose lines are missing; {@code pack IN READELF
   * LINES OUT} writes the file. READELF is the output of {@code readelf -nSsW}, LINES that of
   * {@code llvm-symbolizer --no-inlines --addresses} for the addresses printed before.
   */
  public static void main(String[] arguments) throws Exception {
    ShippedSymbols shipped =
        new ShippedSymbols(
            GsymDecoder.decode(Path.of(arguments[1])), readSymbols(Path.of(arguments[2])));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    if (arguments[0].equals("gaps")) {
      shipped.completed().stream()
          .filter(ShippedSymbols::lacksLines)
          .forEach(function -> {
            for (long address = function.start(); address != function.end(); address++) {
              out.println("0x" + Long.toHexString(address));
            }
          });
    } else {
      GsymImage packed =
          shipped.packed(readBuildId(Path.of(arguments[2])), readLines(Path.of(arguments[3])));
      Files.write(Path.of(arguments[4]), GsymEncoder.encode(packed));
      out.println(
          packed.functions().size()
              + " functions, "
              + packed.functions().stream().mapToInt(one -> one.rows().size()).sum()
              + " rows, build-id "
              + packed.uuid());
    }
    out.flush();
  }

  private GsymImage packed(String buildId, Map<Long, Row> lines) {
    List<Function> functions = new ArrayList<>();
    for (Function function : completed()) {
      functions.add(
          function.withRows(
              reachable(lacksLines(function) ? rows(function, lines) : function.rows())));
    }
    return new GsymImage(image.bigEndian(), buildId, image.baseAddress(), functions);
  }

  private static boolean lacksLines(Function function) {
    // The filling before a function belongs to no line.
    return !function.hasSource() && !function.name().startsWith(GsymEncoder.PADDING_PREFIX);
  }

  /** Returns the functions with all symbols: as further functions, or as names of known ones. */
  private List<Function> completed() {
    List<Function> all = new ArrayList<>();
    Set<Long> starts = new HashSet<>();
    NavigableMap<Long, Long> covered = new TreeMap<>();
    for (Function function : image.functions()) {
      starts.add(function.start());
      covered.merge(function.start(), function.end(), Math::max);
      all.add(
          function.withMerged(names(function, symbols.getOrDefault(function.start(), List.of()))));
    }
    for (Map.Entry<Long, List<ElfSymbol>> entry : symbols.entrySet()) {
      ElfSymbol first = entry.getValue().getFirst();
      Map.Entry<Long, Long> before = covered.floorEntry(first.start());
      boolean inside = before != null && before.getValue() > first.start();
      if (!starts.contains(first.start())
          && !inside
          && first.sizeBytes() > 0
          && first.sizeBytes() <= LARGEST_UNSIZED) {
        Function function = Function.symbol(first.start(), first.sizeBytes(), first.name());
        all.add(function.withMerged(names(function, entry.getValue())));
      }
    }
    all.sort(Comparator.comparing(Function::start, Long::compareUnsigned));
    return all;
  }

  /**
   * Returns the symbols of an address as merged functions, the preferred one first; none when the
   * function's own name is the only one.
   */
  private static List<Function> names(Function function, List<ElfSymbol> symbols) {
    List<Function> names = new ArrayList<>();
    for (ElfSymbol symbol : symbols) {
      names.add(Function.symbol(symbol.start(), symbol.sizeBytes(), symbol.name()));
    }
    boolean onlyItself = names.stream().allMatch(one -> one.name().equals(function.name()));
    return onlyItself ? List.of() : names;
  }

  private static List<Row> rows(Function function, Map<Long, Row> lines) {
    List<Row> rows = new ArrayList<>();
    for (long address = function.start(); address != function.end(); address++) {
      Row row = lines.get(address);
      if (row == null) {
        continue;
      }
      boolean known = row.file() != null || !rows.isEmpty();
      if (known && (rows.isEmpty() || !samePlace(rows.getLast(), row))) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Row> reachable(List<Row> rows) {
    List<Row> kept = new ArrayList<>();
    for (Row row : rows) {
      if (!kept.isEmpty() && kept.getLast().address() == row.address()) {
        kept.removeLast();
      }
      if (kept.isEmpty() || !samePlace(kept.getLast(), row)) {
        kept.add(row);
      }
    }
    return kept;
  }

  private static boolean samePlace(Row row, Row other) {
    return row.line() == other.line() && Objects.equals(row.file(), other.file());
  }

  /** Reads code symbols by address, functions before others, global before weak before local. */
  private static NavigableMap<Long, List<ElfSymbol>> readSymbols(Path readelf) throws IOException {
    Map<Integer, Section> code = new HashMap<>();
    List<String[]> lines = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(readelf)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher section = SECTION.matcher(line);
        String[] fields = line.trim().split("\\s+");
        if (section.matches()) {
          code.put(
              Integer.valueOf(section.group(1)),
              new Section(unsigned(section.group(3)), unsigned(section.group(4))));
        } else if (fields.length == 8
            && (fields[3].equals("FUNC") || fields[3].equals("NOTYPE"))
            && !fields[6].equals("UND")
            && !fields[6].equals("ABS")) {
          lines.add(fields);
        }
      }
    }
    NavigableMap<Long, List<ElfSymbol>> found = new TreeMap<>(Long::compareUnsigned);
    for (String[] fields : lines) {
      Section section = code.get(Integer.valueOf(fields[6]));
      long start = unsigned(fields[1]);
      if (section == null || start - section.start() >= section.sizeBytes()) {
        continue;
      }
      boolean function = fields[3].equals("FUNC");
      int rank = List.of("GLOBAL", "WEAK", "LOCAL").indexOf(fields[4]) + (function ? 0 : 3);
      found
          .computeIfAbsent(start, ignored -> new ArrayList<>())
          .add(new ElfSymbol(fields[7], start, Long.decode(fields[2]), rank, function));
    }
    found.replaceAll((start, list) -> sized(start, list, found, code));
    return found;
  }

  private static List<ElfSymbol> sized(
      long start,
      List<ElfSymbol> list,
      NavigableMap<Long, List<ElfSymbol>> all,
      Map<Integer, Section> code) {
    @Nullable Long next = all.higherKey(start);
    long end =
        code.values().stream()
            .filter(section -> start - section.start() < section.sizeBytes())
            .filter(section -> start - section.start() >= 0)
            .mapToLong(section -> section.start() + section.sizeBytes())
            .findFirst()
            .orElseThrow();
    long distance = (next == null ? end : Math.min(next, end)) - start;
    return list.stream()
        .map(symbol ->
            symbol.sizeBytes() == 0 && !symbol.function()
                ? new ElfSymbol(symbol.name(), start, distance, symbol.rank(), false)
                : symbol)
        .sorted(Comparator.comparingInt(ElfSymbol::rank))
        .toList();
  }

  /** Reads the build-id, which the converter misses where it is not the first note. */
  private static String readBuildId(Path readelf) throws IOException {
    try (Stream<String> lines = Files.lines(readelf)) {
      return lines
          .map(BUILD_ID::matcher)
          .filter(Matcher::find)
          .map(matcher -> matcher.group(1))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Reads blocks of an address, a function's name, and file:line:column. */
  private static Map<Long, Row> readLines(Path symbolized) throws IOException {
    Map<Long, Row> rows = new HashMap<>();
    List<String> lines = Files.readAllLines(symbolized);
    for (int i = 0; i + 2 < lines.size(); i += 4) {
      long address = unsigned(lines.get(i).substring(2));
      String[] place = lines.get(i + 2).split(":", -1);
      boolean known = !place[0].startsWith("?");
      rows.put(
          address,
          new Row(address, known ? place[0] : null, known ? Integer.parseInt(place[1]) : 0));
    }
    return rows;
  }

  private static long unsigned(String hex) {
    return Long.parseUnsignedLong(hex, 16);
  }
}
