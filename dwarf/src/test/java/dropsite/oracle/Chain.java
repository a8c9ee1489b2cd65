package dropsite.oracle;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a symbolizer says about one address: frames, innermost first.
 *
 * @param symbol the symbol-table name printed beside the chain; null when none is printed
 */
record Chain(List<Link> links, @Nullable String symbol) {

  /**
   * One frame.
   *
   * @param function null when unknown
   * @param file normalised; null when unknown
   * @param line 0 when unknown
   * @param column 0 when unknown or not printed
   */
  record Link(@Nullable String function, @Nullable String file, int line, int column) {
    Link {
      file = file == null ? null : Path.of(file).normalize().toString();
    }

    @Override
    public String toString() {
      return function + " " + file + ":" + line + ":" + column;
    }
  }

  Chain {
    links = List.copyOf(links);
  }
}
