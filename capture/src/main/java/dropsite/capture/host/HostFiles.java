package dropsite.capture.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The files in which a kernel tells about itself, below a folder that stands for the root.
 *
 * <p>What cannot be read is empty: a fact that is missing must not end a recording.
 *
 * @param root {@code /} but in tests
 */
record HostFiles(Path root) {
  /** More than any file that is read whole has. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int MOST_ENTRIES = 1 << 16;

  /** What bytes become that have no character. */
  private static final char NO_CHARACTER = '\uFFFD';

  /** Returns where a file lies. */
  Path at(String path) {
    return root.resolve(path);
  }

  /** Returns whether there is such a file or folder. */
  boolean has(String path) {
    return Files.exists(at(path));
  }

  /** Returns a small file's bytes. */
  byte[] bytes(String path) {
    try {
      return read(path, MOST_BYTES);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** Returns a small file's text, each byte a char, without white space around it. */
  String text(String path) {
    return new String(bytes(path), StandardCharsets.ISO_8859_1).strip();
  }

  /** Returns a small file's lines. */
  List<String> lines(String path) {
    String text = text(path);
    return text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }

  /** Reads a file up to so many bytes. */
  byte[] read(String path, int mostBytes) throws IOException {
    // Not by its size, which is 0 for files that the kernel makes up.
    try (InputStream in = Files.newInputStream(at(path))) {
      return in.readNBytes(mostBytes);
    }
  }

  /**
   * Returns the names of what is in a folder, those that begin with a dot included, in order; none
   * with bytes that the process's character set has no characters for: they could not be asked for
   * by that name. Devices may have such names.
   */
  List<String> names(String folder) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(folder))) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.indexOf(NO_CHARACTER) < 0) {
          names.add(name);
        }
        if (names.size() == MOST_ENTRIES) {
          break;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    Collections.sort(names);
    return names;
  }
}
