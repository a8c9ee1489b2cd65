package dropsite.cli;

import dropsite.analyze.report.SourcePath;
import dropsite.symbols.DebugSymbols;

/**
 * The folder a kernel was built in, taken off the front of file names, and nothing else: the
 * kernel's scripts/faddr2line keeps {@code x/../} steps. A module does not show the folder, so its
 * file names stay as recorded, there and here.
 *
 * @param prefix the folder with its closing slash; empty to take off none
 */
record SourceRoot(String prefix) {

  static SourceRoot of(DebugSymbols symbols) {
    return new SourceRoot(SourcePath.buildPrefix(symbols));
  }

  /** Returns the path below the folder, or the path itself when it lies elsewhere. */
  String strip(String path) {
    if (prefix.isEmpty() || !path.startsWith(prefix)) {
      return path;
    }
    String rest = path.substring(prefix.length());
    while (rest.startsWith("./")) {
      rest = rest.substring(2);
    }
    return rest;
  }
}
