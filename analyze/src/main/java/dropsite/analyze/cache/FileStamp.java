package dropsite.analyze.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What changes when a file changes and keeps its build-id, as by stripping it.
 *
 * @param bytes its size
 * @param timeNanos when it was last changed, since 1970
 */
public record FileStamp(long bytes, long timeNanos) {
  /** For what does not depend on the state of a file. */
  public static final FileStamp NONE = new FileStamp(0, 0);

  static FileStamp of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }
}
