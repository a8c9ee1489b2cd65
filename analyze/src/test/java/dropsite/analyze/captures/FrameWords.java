package dropsite.analyze.captures;

import dropsite.analyze.report.SourcePath;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.symbols.SourceFrame;
import java.util.stream.Collectors;

/** Resolved frames in the words of the files that hold the truth. */
final class FrameWords {
  private FrameWords() {}

  /**
   * Returns the functions of a frame with their lines, the innermost first.
   *
   * @param prefix of the files that is left out
   */
  static String chain(ResolvedFrame frame, String prefix) {
    return frame.layers().stream()
        .map(Layer::source)
        .map(source -> inWords(source, prefix))
        .collect(Collectors.joining(" <- "));
  }

  private static String inWords(SourceFrame source, String prefix) {
    String name = source.displayName();
    return (name == null ? "??" : name)
        + " "
        + SourcePath.strippedOf(prefix, String.valueOf(source.file()))
        + ":"
        + source.line();
  }
}
