package dropsite.analyze.report;

import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** Shortens the paths of source files the way the kernel's scripts/faddr2line does. */
public final class SourcePath {
  private static final Properties LANDMARK = landmark();

  private SourcePath() {}

  private static Properties landmark() {
    Properties properties = new Properties();
    try (InputStream input = SourcePath.class.getResourceAsStream("source-path.properties")) {
      properties.load(input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /**
   * Returns the folder that a kernel was built in, with its closing slash; empty when the file does
   * not show it, as that of a module does not.
   */
  public static String buildPrefix(DebugSymbols symbols) {
    String file = LANDMARK.getProperty("file");
    for (Symbol symbol : symbols.symbols().named(LANDMARK.getProperty("function"))) {
      List<SourceFrame> frames = symbols.frames(symbol.linkAddress());
      String path = frames.isEmpty() ? null : frames.getLast().file();
      if (path != null && path.endsWith(file)) {
        return path.substring(0, path.length() - file.length());
      }
    }
    return "";
  }

  /**
   * Returns a path without the build folder and without {@code ./} and {@code x/../} steps.
   *
   * @param prefix from {@link #buildPrefix}; empty to strip none
   */
  public static String strippedOf(String prefix, String path) {
    String stripped =
        !prefix.isEmpty() && path.startsWith(prefix) ? path.substring(prefix.length()) : path;
    while (stripped.startsWith("./")) {
      stripped = stripped.substring(2);
    }
    return stripped.contains("/.") ? withoutDots(stripped) : stripped;
  }

  private static String withoutDots(String path) {
    StringBuilder result = new StringBuilder();
    int start = 0;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String step = path.substring(start, end);
      int parent = result.lastIndexOf("/", result.length() - 2);
      boolean canClimb = result.length() > 1 && !result.toString().endsWith("../");
      if (step.equals("..") && canClimb) {
        result.setLength(parent + 1);
      } else if (!step.equals(".")) {
        result.append(step);
        if (slash >= 0) {
          result.append('/');
        }
      }
      start = end + 1;
    }
    return result.toString();
  }
}
