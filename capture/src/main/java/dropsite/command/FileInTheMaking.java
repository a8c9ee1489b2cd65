package dropsite.command;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is not whole yet: should the process be ended from outside, it is deleted. */
public final class FileInTheMaking implements Closeable {
  private final Path path;
  private final Thread hook = new Thread(this::deleteQuietly, "unfinished file");

  private FileInTheMaking(Path path) {
    this.path = path;
  }

  /** Looks after a file that was just made, until it is closed or deleted. */
  public static FileInTheMaking at(Path path) {
    FileInTheMaking file = new FileInTheMaking(path);
    try {
      Runtime.getRuntime().addShutdownHook(file.hook);
    } catch (IllegalStateException e) {
      file.deleteQuietly(); // the process is being ended already
    }
    return file;
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  /** Deletes it: it will not get whole. */
  public void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }

  private void deleteQuietly() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      return; // nobody is left to be told
    }
  }

  /** Leaves it where it is: it is whole. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is being ended, and the hook runs
    }
  }
}
