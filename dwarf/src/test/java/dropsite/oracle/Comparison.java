package dropsite.oracle;

import dropsite.oracle.Disagreement.Kind;
import dropsite.symbols.SourceFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules by which our frames and an oracle's chain count as the same. */
enum Comparison {
  /** DWARF names of all frames, file, line and column: llvm-symbolizer --functions=short. */
  DWARF_NAMES {
    @Override
    Optional<Kind> difference(List<SourceFrame> ours, Chain theirs, FunctionBytes functions) {
      return compare(links(ours, false), theirs, true);
    }
  },

  /**
   * The symbol of the concrete function: llvm-symbolizer --functions=linkage. Of several symbols at
   * one address it prints one, we another: either is right.
   */
  SYMBOL {
    @Override
    Optional<Kind> difference(List<SourceFrame> ours, Chain theirs, FunctionBytes functions) {
      String our = ours.isEmpty() ? null : ours.getLast().displayName();
      String their = theirs.links().isEmpty() ? null : theirs.links().getLast().function();
      return sameSymbol(our, their, functions) ? Optional.empty() : Optional.of(Kind.SYMBOL);
    }
  },

  /**
   * DWARF names, file, line and column, where a function that DWARF does not name goes by its
   * symbol: eu-addr2line.
   */
  NAMES_OR_SYMBOLS {
    @Override
    Optional<Kind> difference(List<SourceFrame> ours, Chain theirs, FunctionBytes functions) {
      return compare(links(ours, true), withOurAlias(ours, theirs, functions), true);
    }
  },

  /**
   * The same without files and columns: GNU addr2line, which prints no columns and, in version
   * 2.40, a wrong file for DWARF 5 rows before the first DW_LNS_set_file.
   */
  FUNCTIONS_AND_LINES {
    @Override
    Optional<Kind> difference(List<SourceFrame> ours, Chain theirs, FunctionBytes functions) {
      return compare(links(ours, true), withOurAlias(ours, theirs, functions), false);
    }
  };

  /** Returns the gravest difference; empty when both say the same. */
  abstract Optional<Kind> difference(List<SourceFrame> ours, Chain theirs, FunctionBytes functions);

  /**
   * Returns our frames as links, for comparing and for messages.
   *
   * @param symbolsToo whether a function without a name in DWARF goes by its symbol
   */
  static List<Chain.Link> links(List<SourceFrame> frames, boolean symbolsToo) {
    List<Chain.Link> links = new ArrayList<>();
    for (SourceFrame frame : frames) {
      String function = frame.function();
      links.add(
          new Chain.Link(
              function == null && symbolsToo ? frame.symbol() : function,
              frame.file(),
              frame.line(),
              frame.column()));
    }
    return links;
  }

  /** Where only the symbol table names the function and both chose among aliases: takes ours. */
  private static Chain withOurAlias(List<SourceFrame> ours, Chain theirs, FunctionBytes functions) {
    if (ours.size() != 1 || ours.getFirst().function() != null || theirs.links().size() != 1) {
      return theirs;
    }
    String symbol = ours.getFirst().symbol();
    Chain.Link link = theirs.links().getFirst();
    return sameSymbol(symbol, link.function(), functions)
        ? new Chain(
            List.of(new Chain.Link(symbol, link.file(), link.line(), link.column())),
            theirs.symbol())
        : theirs;
  }

  private static boolean sameSymbol(
      @Nullable String our, @Nullable String their, FunctionBytes functions) {
    return Objects.equals(our, their)
        || (our != null && their != null && functions.aliases(our, their));
  }

  private static Optional<Kind> compare(
      List<Chain.Link> ourLinks, Chain theirs, boolean filesAndColumns) {
    List<Chain.Link> ours = known(ourLinks);
    List<Chain.Link> their = known(theirs.links());
    if (ours.size() != their.size()) {
      return Optional.of(Kind.DEPTH);
    }
    Kind gravest = null;
    for (int i = 0; i < ours.size(); i++) {
      Kind kind = difference(ours.get(i), their.get(i), filesAndColumns);
      if (kind != null && (gravest == null || kind.compareTo(gravest) < 0)) {
        gravest = kind;
      }
    }
    return Optional.ofNullable(gravest);
  }

  /** A single frame that knows nothing is no frame. */
  private static List<Chain.Link> known(List<Chain.Link> links) {
    boolean unknown =
        links.size() == 1 && links.getFirst().function() == null && links.getFirst().file() == null;
    return unknown ? List.of() : links;
  }

  private static @Nullable Kind difference(
      Chain.Link our, Chain.Link their, boolean filesAndColumns) {
    if (!Objects.equals(our.function(), their.function())) {
      return Kind.FUNCTION;
    }
    if (filesAndColumns && !Objects.equals(our.file(), their.file())) {
      return Kind.FILE;
    }
    if (our.line() != their.line()) {
      return Kind.LINE;
    }
    return filesAndColumns && our.column() != their.column() ? Kind.COLUMN : null;
  }
}
