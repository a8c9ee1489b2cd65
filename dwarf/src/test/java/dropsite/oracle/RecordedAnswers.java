package dropsite.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an oracle's answers beside the kernels, since some oracles take minutes. One line per
 * query: section, offset, symbol, then function, file, line and column of each frame,
 * tab-separated.
 */
final class RecordedAnswers {
  private static final String ABSENT = "-";

  private final Path folder;

  RecordedAnswers(Path kernels) {
    this.folder = kernels.resolve("oracle-answers");
  }

  /** Returns the recorded answers, asking the oracle first when these queries are not recorded. */
  List<Chain> of(Oracle oracle, Path file, String buildId, List<Query> queries)
      throws IOException, InterruptedException {
    Path recorded =
        folder
            .resolve(buildId)
            .resolve(KernelBuild.SEED + "-" + queries.size() + "-" + oracle.name() + ".tsv");
    if (Files.exists(recorded)) {
      List<String> lines = Files.readAllLines(recorded, StandardCharsets.UTF_8);
      if (answer(lines, queries)) {
        return lines.stream().map(RecordedAnswers::chain).toList();
      }
    }
    List<Chain> chains = oracle.ask(file, queries);
    if (chains.size() != queries.size()) {
      throw new IllegalStateException(oracle.name() + " leaves queries about " + file + " open");
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      lines.add(line(queries.get(i), chains.get(i)));
    }
    Files.createDirectories(recorded.getParent());
    Path partial = recorded.resolveSibling(recorded.getFileName() + ".partial");
    Files.write(partial, lines, StandardCharsets.UTF_8);
    Files.move(partial, recorded, StandardCopyOption.REPLACE_EXISTING);
    return chains;
  }

  private static boolean answer(List<String> lines, List<Query> queries) {
    if (lines.size() != queries.size()) {
      return false;
    }
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith(start(queries.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private static String start(Query query) {
    return query.section() + "\t" + query.hex() + "\t";
  }

  private static String line(Query query, Chain chain) {
    StringBuilder line = new StringBuilder(start(query)).append(text(chain.symbol()));
    for (Chain.Link link : chain.links()) {
      line.append('\t').append(text(link.function())).append('\t').append(text(link.file()));
      line.append('\t').append(link.line()).append('\t').append(link.column());
    }
    return line.toString();
  }

  private static Chain chain(String line) {
    String[] cells = line.split("\t", -1);
    List<Chain.Link> links = new ArrayList<>();
    for (int i = 3; i + 3 < cells.length; i += 4) {
      links.add(
          new Chain.Link(
              value(cells[i]),
              value(cells[i + 1]),
              Integer.parseInt(cells[i + 2]),
              Integer.parseInt(cells[i + 3])));
    }
    return new Chain(links, value(cells[2]));
  }

  private static String text(@Nullable String value) {
    return value == null ? ABSENT : value;
  }

  private static @Nullable String value(String text) {
    return text.equals(ABSENT) ? null : text;
  }
}
