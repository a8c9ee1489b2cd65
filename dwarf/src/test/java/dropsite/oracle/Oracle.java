package dropsite.oracle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Another project's symbolizer. */
interface Oracle {

  /** Returns its name, as used in the list of exceptions. */
  String name();

  /** Returns one chain for each query, in their order. */
  List<Chain> ask(Path file, List<Query> queries) throws IOException, InterruptedException;
}
