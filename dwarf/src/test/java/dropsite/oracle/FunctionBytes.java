package dropsite.oracle;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a file that belong to functions, by section, as {@code readelf} of binutils reads
 * them: independent of the reader under test.
 */
final class FunctionBytes {
  /** Half-open range of section offsets (of addresses in a linked file), unsigned. */
  private record Span(long start, long end) {}

  // [Nr] Name Type Address Off Size ES Flg Lk Inf Al
  private static final Pattern SECTION =
      Pattern.compile(
          "\\s*\\[\\s*(\\d+)]\\s+(\\S+)\\s+[A-Z0-9_+: ]+?\\s+[0-9a-f]{8,16}"
              + "\\s+[0-9a-f]+\\s+[0-9a-f]+\\s+[0-9a-f]+\\s+([A-Za-z]*)(\\s+\\d+){3}");
  // Num: Value Size Type Bind Vis Ndx Name
  private static final Pattern FUNCTION =
      Pattern.compile(
          "\\s*\\d+:\\s+([0-9a-f]+)\\s+(\\S+)\\s+FUNC\\s+\\S+\\s+\\S+\\s.*?(\\d+)\\s(\\S+)$");
  private static final Pattern BUILD_ID = Pattern.compile(".*\\sBuild ID: ([0-9a-f]+)");

  private final String buildId;
  private final TreeMap<String, List<Span>> spansBySection = new TreeMap<>();
  private final Map<String, Set<Query>> startsByName = new HashMap<>();

  private FunctionBytes(String buildId) {
    this.buildId = buildId;
  }

  static FunctionBytes read(Path file) throws IOException, InterruptedException {
    List<String> lines =
        Tool.find("binutils", "readelf")
            .with("-W", "-n", "-S", "-s", file.toString())
            .run(List.of(), Duration.ofMinutes(2));
    String buildId =
        lines.stream()
            .map(BUILD_ID::matcher)
            .filter(Matcher::matches)
            .map(matcher -> matcher.group(1))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(file + " has no build-id"));
    FunctionBytes bytes = new FunctionBytes(buildId);
    Map<Integer, String> executable = new HashMap<>();
    for (String line : lines) {
      Matcher section = SECTION.matcher(line);
      if (section.matches() && section.group(3).contains("X")) {
        executable.put(Integer.parseInt(section.group(1)), section.group(2));
      }
      Matcher function = FUNCTION.matcher(line);
      if (function.matches()) {
        Optional.ofNullable(executable.get(Integer.parseInt(function.group(3))))
            .ifPresent(name -> bytes.add(name, function));
      }
    }
    bytes.spansBySection.replaceAll((name, spans) -> union(spans));
    return bytes;
  }

  private void add(String section, Matcher function) {
    long start = Long.parseUnsignedLong(function.group(1), 16);
    long size = Long.decode(function.group(2));
    if (size > 0) {
      spansBySection
          .computeIfAbsent(section, name -> new ArrayList<>())
          .add(new Span(start, start + size));
      startsByName
          .computeIfAbsent(function.group(4), name -> new HashSet<>())
          .add(new Query(section, start));
    }
  }

  private static List<Span> union(List<Span> spans) {
    List<Span> sorted = new ArrayList<>(spans);
    sorted.sort(Comparator.comparing(Span::start, Long::compareUnsigned));
    List<Span> merged = new ArrayList<>();
    for (Span span : sorted) {
      Span last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && Long.compareUnsigned(span.start, last.end) <= 0) {
        long end = Long.compareUnsigned(span.end, last.end) > 0 ? span.end : last.end;
        merged.set(merged.size() - 1, new Span(last.start, end));
      } else {
        merged.add(span);
      }
    }
    return merged;
  }

  /** Returns the build-id in lower-case hex. */
  String buildId() {
    return buildId;
  }

  /** Returns whether two function symbols start at the same place. */
  boolean aliases(String one, String other) {
    return !Collections.disjoint(
        startsByName.getOrDefault(one, Set.of()), startsByName.getOrDefault(other, Set.of()));
  }

  /** Returns the number of distinct function bytes in a section. */
  private long size(String section) {
    return spansBySection.getOrDefault(section, List.of()).stream()
        .mapToLong(span -> span.end - span.start)
        .sum();
  }

  /** Draws distinct addresses uniformly over the function bytes of all sections together. */
  List<Query> drawFromAll(int count, Random random) {
    List<Span> all = new ArrayList<>();
    spansBySection.values().forEach(all::addAll);
    return draw("", all, count, random);
  }

  /**
   * Draws distinct addresses: one tenth of them from each executable section but the largest (which
   * would drown the others), the rest from the largest; uniformly over the function bytes of each.
   */
  List<Query> drawFromEach(int count, Random random) {
    List<Query> drawn = new ArrayList<>();
    Optional<String> largest =
        spansBySection.keySet().stream().max(Comparator.comparingLong(this::size));
    for (Map.Entry<String, List<Span>> section : spansBySection.entrySet()) {
      if (!section.getKey().equals(largest.orElse(""))) {
        drawn.addAll(draw(section.getKey(), section.getValue(), count / 10, random));
      }
    }
    largest.ifPresent(name ->
        drawn.addAll(
            draw(
                name,
                spansBySection.getOrDefault(name, List.of()),
                Math.max(0, count - drawn.size()),
                random)));
    return drawn;
  }

  private static List<Query> draw(String section, List<Span> spans, int count, Random random) {
    long total = spans.stream().mapToLong(span -> span.end - span.start).sum();
    TreeSet<Long> chosen = new TreeSet<>();
    while (chosen.size() < Math.min(count, total)) {
      chosen.add(random.nextLong(total));
    }
    List<Query> queries = new ArrayList<>();
    long before = 0;
    for (Span span : spans) {
      long after = before + (span.end - span.start);
      for (long index : chosen.subSet(before, after)) {
        queries.add(new Query(section, span.start + (index - before)));
      }
      before = after;
    }
    return queries;
  }
}
