package dropsite.oracle;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * llvm-symbolizer on a linked file. It cannot be told a section, so that it is no oracle for
 * modules.
 *
 * @param names which name a concrete function goes by
 */
record LlvmSymbolizer(Names names) implements Oracle {
  enum Names {
    /** DW_AT_name, never the symbol table. */
    SHORT,
    /** The symbol table's name where it has one, else DW_AT_linkage_name, else DW_AT_name. */
    LINKAGE
  }

  @Override
  public String name() {
    return "llvm-" + (names == Names.SHORT ? "short" : "linkage");
  }

  @Override
  public List<Chain> ask(Path file, List<Query> queries) throws IOException, InterruptedException {
    List<String> lines =
        Tool.find("llvm-22 from apt.llvm.org", "llvm-symbolizer-22")
            .with(
                "--inlines",
                "--no-demangle",
                "--functions=" + (names == Names.SHORT ? "short" : "linkage"),
                "--obj=" + file)
            .run(queries.stream().map(Query::hex).toList(), Duration.ofMinutes(10));
    // Pairs of function and position; an empty line ends each answer.
    List<Chain> chains = new ArrayList<>();
    List<Chain.Link> links = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isEmpty()) {
        chains.add(new Chain(links, null));
        links = new ArrayList<>();
      } else {
        links.add(SourcePosition.parse(lines.get(i + 1)).in(lines.get(i)));
        i++;
      }
    }
    return chains;
  }
}
