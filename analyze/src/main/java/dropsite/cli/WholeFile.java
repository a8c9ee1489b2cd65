package dropsite.cli;

import dropsite.analyze.input.Recordings;
import dropsite.command.CommandFailure;
import dropsite.command.FileInTheMaking;
import dropsite.command.Output;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that has its name only when it is whole. Of a link it is what that leads to, there or not.
 * What is no regular file (a device, a pipe) is written into as it stands: it is not ours to
 * replace.
 */
final class WholeFile implements Closeable {
  private static final String UNFINISHED = ".part";

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  /** As many as runs that were ended may have left behind. */
  private static final int MOST_UNFINISHED = 1000;

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  /** Links here stand for what is open, and lead to no path. */
  private static final Path OPEN_FILES = Path.of("/proc");

  private final Path target;
  private final @Nullable FileInTheMaking unfinished;
  private final Output output;
  private boolean whole;

  private WholeFile(Path target, @Nullable FileInTheMaking unfinished, Output output) {
    this.target = target;
    this.unfinished = unfinished;
    this.output = output;
  }

  /**
   * Refuses to write over what is read.
   *
   * @param inputs as the user named them
   * @throws CommandFailure when a target is an input
   */
  static void refuseInputs(Collection<Path> targets, List<String> inputs) throws IOException {
    Map<Path, String> read = new HashMap<>();
    for (String input : inputs) {
      if (!input.equals(InputFiles.STANDARD_INPUT) && Files.exists(Path.of(input))) {
        read.put(real(Path.of(input)), input);
      }
    }
    for (Path target : targets) {
      String input = read.get(real(target));
      if (input != null) {
        throw new CommandFailure(input + ": would be written over by what is made of it");
      }
    }
  }

  /**
   * Refuses to write two things into one file.
   *
   * @throws CommandFailure when both are the same
   */
  static void refuseSame(@Nullable Path one, @Nullable Path other) throws IOException {
    if (one != null && other != null && real(one).equals(real(other))) {
      throw CommandFailure.wrongUsage(one + ": would be written twice");
    }
  }

  /**
   * Refuses to put something else in the place of a recording.
   *
   * @throws CommandFailure when the target begins like a capture file
   */
  static void refuseCapture(Path target) throws IOException {
    if (Files.isRegularFile(target)) {
      try (InputStream there = Files.newInputStream(target)) {
        if (Recordings.isCapture(there)) {
          throw new CommandFailure(
              target + ": begins like a recording, which would be written over");
        }
      }
    }
  }

  /** Returns a path without links and dots, as far as it exists. */
  private static Path real(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return path.toRealPath();
    }
    Path file = linked(path).toAbsolutePath();
    Path folder = file.getParent();
    return folder == null || !Files.exists(folder)
        ? file.normalize()
        : folder.toRealPath().resolve(String.valueOf(file.getFileName())).normalize();
  }

  /** Returns where the links lead that a path ends in, whether something is there or not. */
  private static Path linked(Path path) throws IOException {
    Path place = path;
    for (int links = 0; Files.isSymbolicLink(place); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(path.toString());
      }
      Path folder = place.toAbsolutePath().getParent();
      if (folder != null && folder.toRealPath().startsWith(OPEN_FILES)) {
        return place;
      }
      place = place.resolveSibling(Files.readSymbolicLink(place));
    }
    return place;
  }

  /** Opens what will be a file, empty. One that is there keeps who may read it. */
  static WholeFile at(Path target) throws IOException {
    return at(target, Files.isRegularFile(target) ? Files.getPosixFilePermissions(target) : null);
  }

  /** Opens what will be a file that none but its owner may read; else as {@link #at(Path)}. */
  static WholeFile ofOwner(Path target) throws IOException {
    return Files.isRegularFile(target) ? at(target) : at(target, OWNER);
  }

  private static WholeFile at(Path named, @Nullable Set<PosixFilePermission> permissions)
      throws IOException {
    Path target = linked(named);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      return new WholeFile(target, null, Output.to(named, target));
    }
    for (int number = 1; ; number++) {
      Path unfinished =
          target.resolveSibling(
              target.getFileName() + UNFINISHED + (number == 1 ? "" : Integer.toString(number)));
      try {
        if (permissions == null) {
          Files.createFile(unfinished);
        } else {
          Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNER));
          Files.setPosixFilePermissions(unfinished, permissions);
        }
        Output output = Output.to(named, unfinished, StandardOpenOption.WRITE);
        return new WholeFile(target, FileInTheMaking.at(unfinished), output);
      } catch (NoSuchFileException e) {
        throw new FileSystemException(named.toString(), null, "there is no such folder");
      } catch (AccessDeniedException e) {
        throw new AccessDeniedException(named.toString());
      } catch (FileAlreadyExistsException e) {
        if (number == MOST_UNFINISHED) {
          throw e;
        }
      }
    }
  }

  Output output() {
    return output;
  }

  /** Gives it its name: all of it has been written. */
  void finish() throws IOException {
    output.close();
    if (unfinished != null) {
      Files.move(unfinished.path(), target, StandardCopyOption.REPLACE_EXISTING);
      unfinished.close();
    }
    whole = true;
  }

  /** Leaves nothing behind of what was not finished. */
  @Override
  public void close() throws IOException {
    if (whole) {
      return;
    }
    try {
      output.close();
    } finally {
      if (unfinished != null) {
        unfinished.delete();
      }
    }
  }
}
