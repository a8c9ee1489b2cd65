package dropsite.capture.host;

import dropsite.capture.libc.Errno;
import dropsite.capture.libc.FileDescriptor;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace of this box.
 *
 * @param inode its number, by which events name it
 * @param names under which it is mounted in /run/netns; {@code (root)} for that of process 1
 * @param pids of some processes in it
 * @param handle a file by which it can be entered
 * @param own whether this process is in it
 */
record NetworkNamespace(
    long inode, List<String> names, List<Integer> pids, Path handle, boolean own) {

  /** Returns whether somebody gave it a name. */
  boolean named() {
    return !names.isEmpty();
  }

  /**
   * Runs something on a thread of its own that is in this namespace; programs that it starts are
   * there too. What it runs must not start threads that outlive it: they would stay there.
   *
   * @throws NotEntered when the namespace is gone, or entering it is not permitted
   * @throws IOException when the work failed
   */
  <T> T call(Callable<T> work) throws IOException, InterruptedException {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          enter();
          return work.call();
        });
    // A thread that has left its namespace must end: no pool would know.
    Thread thread = Thread.ofPlatform().daemon().name("netns-" + inode).start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case InterruptedException interrupted -> throw interrupted;
        case null, default ->
            throw new IllegalStateException("in network namespace " + inode, e.getCause());
      }
    }
  }

  private void enter() throws NotEntered {
    if (own) {
      return;
    }
    try (FileDescriptor file =
        FileDescriptor.open(
            handle.toString(), FileDescriptor.O_RDONLY | FileDescriptor.O_CLOEXEC)) {
      file.enterNetworkNamespace();
    } catch (Errno e) {
      throw new NotEntered(e.getMessage());
    }
  }

  /** The namespace is gone, or entering it is not permitted. */
  static final class NotEntered extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    NotEntered(@Nullable String message) {
      super(message);
    }
  }
}
