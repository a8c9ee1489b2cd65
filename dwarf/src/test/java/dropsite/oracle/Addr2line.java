package dropsite.oracle;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An {@code addr2line} with the options -a -i -f -j of GNU's.
 *
 * @param name elfutils or binutils
 * @param tool the program
 */
record Addr2line(String name, Tool tool) implements Oracle {
  /** Queries of one process: elfutils slows down with the number it has answered. */
  private static final int CHUNK = 1000;

  static Addr2line elfutils() {
    // It exits with 1 when one address of many has no line; the answers are counted below.
    return new Addr2line("elfutils", Tool.find("elfutils", "eu-addr2line").exitingWithAtMost(1));
  }

  static Addr2line binutils(String prefix) {
    return new Addr2line("binutils", Tool.find("binutils of that prefix", prefix + "addr2line"));
  }

  @Override
  public List<Chain> ask(Path file, List<Query> queries) throws IOException, InterruptedException {
    Map<String, List<Integer>> bySection = new TreeMap<>();
    for (int i = 0; i < queries.size(); i++) {
      bySection.computeIfAbsent(queries.get(i).section(), s -> new ArrayList<>()).add(i);
    }
    Chain[] chains = new Chain[queries.size()];
    for (Map.Entry<String, List<Integer>> section : bySection.entrySet()) {
      List<Integer> all = section.getValue();
      for (int from = 0; from < all.size(); from += CHUNK) {
        List<Integer> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
        List<Chain> answers =
            askSection(file, section.getKey(), chunk.stream().map(queries::get).toList());
        for (int i = 0; i < chunk.size(); i++) {
          chains[chunk.get(i)] = answers.get(i);
        }
      }
    }
    return List.of(chains);
  }

  private List<Chain> askSection(Path file, String section, List<Query> queries)
      throws IOException, InterruptedException {
    Tool asked = tool.with("-a", "-i", "-f", "-e", file.toString());
    List<String> lines =
        (section.isEmpty() ? asked : asked.with("-j", section))
            .run(queries.stream().map(Query::hex).toList(), Duration.ofMinutes(10));
    List<Chain> chains = new ArrayList<>();
    for (int i = 0; i < lines.size(); ) {
      int end = i + 1;
      while (end < lines.size() && !lines.get(end).startsWith("0x")) {
        end++;
      }
      chains.add(chain(lines.subList(i + 1, end)));
      i = end;
    }
    if (chains.size() != queries.size()) {
      throw new IllegalStateException(asked + " leaves queries unanswered");
    }
    return chains;
  }

  /**
   * Reads pairs of function and position. The first function line of elfutils may read {@code inner
   * inlined at FILE:LINE:COLUMN in SYMBOL}; the rest of the chain follows in pairs all the same.
   */
  private static Chain chain(List<String> lines) {
    List<Chain.Link> links = new ArrayList<>();
    String symbol = null;
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      String function = lines.get(i);
      int inlined = function.indexOf(" inlined at ");
      if (inlined > 0) {
        symbol = function.substring(function.lastIndexOf(" in ") + " in ".length());
        function = function.substring(0, inlined);
      }
      links.add(SourcePosition.parse(lines.get(i + 1)).in(function));
    }
    return new Chain(links, symbol);
  }
}
