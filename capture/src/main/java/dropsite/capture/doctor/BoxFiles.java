package dropsite.capture.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Files in which a box tells about itself, below a folder that stands for its root. What cannot be
 * read is empty.
 *
 * @param root {@code /}, or a folder of a test
 */
record BoxFiles(Path root) {
  private static final int MOST_BYTES = 4 << 20;

  Path at(String path) {
    return root.resolve(path);
  }

  boolean has(String path) {
    return Files.exists(at(path));
  }

  Optional<byte[]> bytes(String path, int mostBytes) {
    // Not by its size, which is 0 for files that the kernel makes up.
    try (InputStream in = Files.newInputStream(at(path))) {
      return Optional.of(in.readNBytes(mostBytes));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns the text without white space around it. */
  Optional<String> text(String path) {
    return bytes(path, MOST_BYTES).map(bytes -> new String(bytes, ISO_8859_1).strip());
  }

  List<String> lines(String path) {
    return text(path).stream().flatMap(String::lines).toList();
  }

  /** Returns what a link says, such as {@code pid:[4026531836]}. */
  Optional<String> link(String path) {
    try {
      return Optional.of(Files.readSymbolicLink(at(path)).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns the lines with which a kernel of that release was configured; empty if not known. */
  List<String> configuration(String release) {
    Optional<byte[]> packed = bytes("proc/config.gz", MOST_BYTES);
    if (packed.isPresent()) {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.get()))) {
        return new String(in.readNBytes(MOST_BYTES), ISO_8859_1).lines().toList();
      } catch (IOException e) {
        return List.of();
      }
    }
    return lines("boot/config-" + release);
  }
}
