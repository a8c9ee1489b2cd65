package dropsite.capture.filter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Inode numbers of network namespaces by the names that people give them. */
final class NamespaceNames {
  private final Path root;

  /**
   * @param root of the file system
   */
  NamespaceNames(Path root) {
    this.root = root;
  }

  /**
   * @param text inode number, name in /run/netns, or path
   */
  long inode(String text) throws FilterException {
    try {
      boolean path = text.contains("/");
      Path file = path ? absolute(text) : root.resolve("run/netns").resolve(text);
      if (!path && text.matches("[0-9]{1,10}") && !Files.exists(file)) {
        return Long.parseLong(text);
      }
      if (!Files.exists(file)) {
        throw new FilterException(
            path
                ? "--netns: there is no " + text
                : "--netns: there is no /run/netns/" + text + "; ip netns list prints the names");
      }
      if (!Files.getAttribute(file, "unix:dev").equals(device())) {
        throw new FilterException("--netns: " + text + " is no network namespace");
      }
      return (Long) Files.getAttribute(file, "unix:ino");
    } catch (IOException | InvalidPathException unreadable) {
      throw new FilterException("--netns: " + text + " cannot be read: " + unreadable.getMessage());
    }
  }

  private Path absolute(String text) {
    return text.startsWith("/") ? root.resolve(text.replaceFirst("^/+", "")) : Path.of(text);
  }

  /** The one that all namespaces are on. */
  private Object device() throws IOException {
    return Files.getAttribute(root.resolve("proc/self/ns/net"), "unix:dev");
  }
}
