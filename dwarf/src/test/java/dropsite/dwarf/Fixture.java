package dropsite.dwarf;

import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A file of testdata/fixtures/bin and what testdata/fixtures/expected says of it. */
record Fixture(String name) {

  /** One line of the recorded answers; the section is empty in a linked file. */
  record Row(String section, long offset, String chain) {
    /** Returns the link-time address; empty where the file has no such place. */
    Optional<Long> address(DebugSymbols symbols) {
      return section.isEmpty() ? Optional.of(offset) : symbols.addressIn(section, offset);
    }
  }

  /** How an answer begins that is an error: the unit cannot be read without guessing. */
  static final String REFUSED = "refused: ";

  private static final Pattern ALIASES = Pattern.compile("\\((\\w+(?:\\|\\w+)+)\\)");
  private static final String SOURCES = "/fixture/";

  static Path folder() {
    Path fromModule = Path.of("..", "testdata", "fixtures");
    return Files.isDirectory(fromModule) ? fromModule : Path.of("testdata", "fixtures");
  }

  /** Returns every fixture with recorded answers, by name. */
  static List<Fixture> all() throws IOException {
    try (Stream<Path> files = Files.list(folder().resolve("expected"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".tsv"))
          .map(name -> new Fixture(name.substring(0, name.length() - ".tsv".length())))
          .sorted((one, other) -> one.name.compareTo(other.name))
          .toList();
    }
  }

  Path file() {
    return folder().resolve("bin").resolve(name);
  }

  List<Row> rows() throws IOException {
    return lines("expected/" + name + ".tsv").stream()
        .map(cells -> new Row(cells[0], Long.parseUnsignedLong(cells[1], 16), cells[2]))
        .toList();
  }

  /** Reads a table of the fixtures' folder: tab-separated cells, lines of {@code #} left out. */
  static List<String[]> lines(String path) throws IOException {
    try (Stream<String> lines = Files.lines(folder().resolve(path))) {
      return lines.filter(line -> !line.startsWith("#")).map(line -> line.split("\t", -1)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Writes frames the way the recorded answers have them: {@code function file:line}, innermost
   * first, the function's DWARF name, the symbol in parentheses where there is none.
   */
  static String chain(List<SourceFrame> frames) {
    return frames.isEmpty()
        ? "??"
        : frames.stream().map(Fixture::frame).collect(Collectors.joining(" <- "));
  }

  private static String frame(SourceFrame frame) {
    String function = frame.function();
    if (function == null) {
      function = frame.symbol() == null ? "??" : "(" + frame.symbol() + ")";
    }
    String file = frame.file() == null ? "??" : Path.of(frame.file()).normalize().toString();
    if (file.startsWith(SOURCES)) {
      file = file.substring(SOURCES.length());
    }
    return function + " " + file + ":" + frame.line();
  }

  /**
   * Returns whether a chain is the recorded one. That may name any of several aliases of a symbol,
   * or say {@code refused:} with a word that the message must have.
   */
  static boolean agree(String recorded, String chain) {
    if (recorded.startsWith(REFUSED)) {
      return chain.startsWith(REFUSED) && chain.contains(recorded.substring(REFUSED.length()));
    }
    Matcher aliases = ALIASES.matcher(recorded);
    return aliases.find()
        ? Arrays.stream(aliases.group(1).split("\\|"))
            .anyMatch(alias -> chain.equals(aliases.replaceFirst("(" + alias + ")")))
        : recorded.equals(chain);
  }

  @Override
  public String toString() {
    return name;
  }
}
