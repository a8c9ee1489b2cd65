package dropsite.capture.tracefs;

import dropsite.capture.SourceUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Files of tracefs under one folder, by their names there. Never mounts it: that would change the
 * box.
 */
final class Tracefs {
  private static final int PIECE_BYTES = 1 << 16;
  private static final int MOST_BYTES = 1 << 24;

  private final Path root;

  Tracefs(Path root) {
    this.root = root;
  }

  /**
   * Finds where it is mounted.
   *
   * @param mounts /proc/self/mounts
   */
  static Tracefs find(Path mounts) throws SourceUnavailableException {
    Optional<Path> found = Optional.empty();
    try {
      // device, folder, type, options, 0, 0 (proc(5))
      for (String line : Files.readString(mounts, StandardCharsets.ISO_8859_1).split("\n", -1)) {
        String[] words = line.split(" ", -1);
        if (words.length > 2 && words[2].equals("tracefs") && found.isEmpty()) {
          found = Optional.of(Path.of(words[1].replace("\\040", " ")));
        }
      }
    } catch (IOException e) {
      throw new SourceUnavailableException("cannot tell where tracefs is mounted: " + e);
    }
    Path root =
        found.orElseThrow(() ->
            new SourceUnavailableException(
                "tracefs is not mounted; to mount it: mount -t tracefs nodev"
                    + " /sys/kernel/tracing"));
    if (Files.isReadable(root) && !Files.exists(root.resolve("instances"))) {
      throw new SourceUnavailableException(
          root + " has no trace instances: something else is mounted over it");
    }
    if (!Files.isReadable(root.resolve("instances"))) {
      throw new SourceUnavailableException(
          root + " may not be read; needs root, or CAP_SYS_ADMIN and no lockdown of the kernel");
    }
    return new Tracefs(root);
  }

  Path path(String name) {
    return root.resolve(name);
  }

  boolean has(String name) {
    return Files.exists(root.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads a file, in large pieces: some have nothing more to say to a second read. */
  String read(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    try (FileChannel file = FileChannel.open(root.resolve(name), StandardOpenOption.READ)) {
      while (file.read(piece.clear()) > 0 && text.length() < MOST_BYTES) {
        text.append(StandardCharsets.ISO_8859_1.decode(piece.flip()));
      }
    }
    return text.toString();
  }

  /**
   * Writes to a file in one call, without truncating it: to truncate dynamic_events would be to
   * delete everybody's.
   */
  void write(String name, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel file = FileChannel.open(root.resolve(name), StandardOpenOption.WRITE)) {
      file.write(bytes);
    } catch (IOException e) {
      throw new IOException(
          root.resolve(name) + ": writing \"" + text + "\": " + e.getMessage(), e);
    }
  }
}
