package dropsite.capture.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file, or the files one after another, that a recording goes to.
 *
 * <p>Files are created for their owner alone (mode 0600). One that is there already is left alone
 * unless overwriting is asked for: then it is replaced, and a link at its place is not followed.
 */
public final class CaptureFiles {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String CAPTURE_SUFFIX = ".drops.pcapng";

  private final String name;
  private final @Nullable Path path;
  private final @Nullable WritableByteChannel channel;
  private final boolean overwrite;
  private final Compression compression;
  private final @Nullable Rotation rotation;
  private final InstantSource clock;
  private final Deque<Path> kept = new ArrayDeque<>();
  private int number;
  private @Nullable Instant due;
  private @Nullable Path current;

  /**
   * When a file is full, and how many are kept.
   *
   * @param bytes of a file, as it is on disk, after which another is begun; 0 for as many as come.
   *     A file may be larger by what one second brings
   * @param every after this time another is begun; zero for never
   * @param keep how many files are left, the oldest are deleted; 0 for all
   */
  public record Rotation(long bytes, Duration every, int keep) {}

  private CaptureFiles(
      String name,
      @Nullable Path path,
      @Nullable WritableByteChannel channel,
      boolean overwrite,
      Compression compression,
      @Nullable Rotation rotation,
      InstantSource clock) {
    this.name = name;
    this.path = path;
    this.channel = channel;
    this.overwrite = overwrite;
    this.compression = compression;
    this.rotation = rotation;
    this.clock = clock;
  }

  /**
   * One file.
   *
   * @param overwrite whether a file that is there already is replaced
   */
  public static CaptureFiles one(Path path, boolean overwrite, Compression compression) {
    return new CaptureFiles(
        path.toString(), path, null, overwrite, compression, null, InstantSource.system());
  }

  /**
   * Files one after another, named like {@code drops_00001_20260131235959.drops.pcapng}: the number
   * counts from 1, the time (UTC) is when the file was begun.
   *
   * @param path the name without number and time
   */
  public static CaptureFiles rotating(
      Path path, boolean overwrite, Compression compression, Rotation rotation) {
    return rotating(path, overwrite, compression, rotation, InstantSource.system());
  }

  static CaptureFiles rotating(
      Path path,
      boolean overwrite,
      Compression compression,
      Rotation rotation,
      InstantSource clock) {
    return new CaptureFiles(path.toString(), path, null, overwrite, compression, rotation, clock);
  }

  /**
   * A pipe, or what else takes bytes.
   *
   * @param name for messages
   * @param channel closed with the recording
   */
  public static CaptureFiles to(String name, WritableByteChannel channel, Compression compression) {
    return new CaptureFiles(name, null, channel, false, compression, null, InstantSource.system());
  }

  /** Returns what messages call the file. */
  String name() {
    return name;
  }

  /** Returns whether there will be more than one file. */
  boolean rotate() {
    return rotation != null;
  }

  /** Returns whether the file that is being written is full. */
  boolean full(BlockOutput output) {
    return rotation != null
        && ((rotation.bytes > 0 && output.takenBytes() >= rotation.bytes)
            || (due != null && !clock.instant().isBefore(due)));
  }

  /** Begins the next file. */
  BlockOutput next() throws IOException {
    if (channel != null) {
      return new BlockOutput(name, channel, compression);
    }
    if (path == null) {
      throw new IllegalStateException("neither path nor channel");
    }
    if (rotation == null) {
      return create(path);
    }
    Instant now = clock.instant();
    due = rotation.every.isPositive() ? now.plus(rotation.every) : null;
    Path file = path.resolveSibling(numbered(path, ++number, now));
    BlockOutput output = create(file);
    kept.add(file);
    if (rotation.keep > 0 && kept.size() > rotation.keep) {
      Files.deleteIfExists(kept.remove());
    }
    return output;
  }

  /** Returns the file that was begun last; null when there is none. */
  @Nullable Path current() {
    return current;
  }

  /** Deletes the file that was begun last. */
  void deleteCurrent() throws IOException {
    if (current != null) {
      Files.deleteIfExists(current);
    }
  }

  private static String numbered(Path path, int number, Instant now) {
    String whole = String.valueOf(path.getFileName());
    int suffix = whole.indexOf(CAPTURE_SUFFIX);
    if (suffix < 0) {
      suffix = whole.indexOf('.', 1);
    }
    int end = suffix < 0 ? whole.length() : suffix;
    return String.format(
        Locale.ROOT,
        "%s_%05d_%s%s",
        whole.substring(0, end),
        number,
        STAMP.format(now),
        whole.substring(end));
  }

  private BlockOutput create(Path file) throws IOException {
    compression.prepare();
    if (overwrite && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(file)) {
        throw new FileSystemException(file.toString(), null, "is not a regular file");
      }
      Files.delete(file);
    }
    try {
      FileChannel created =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      current = file;
      return new BlockOutput(file.toString(), created, compression);
    } catch (NoSuchFileException e) {
      boolean folder = Files.isDirectory(file.toAbsolutePath().resolveSibling(""));
      throw new FileSystemException(
          file.toString(),
          null,
          folder ? "no file can be made in that folder" : "there is no such folder");
    } catch (FileAlreadyExistsException e) {
      throw new FileSystemException(file.toString(), null, "exists already (--force replaces it)");
    }
  }
}
