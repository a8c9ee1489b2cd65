package dropsite.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Does one piece of work at a time on another thread. */
final class Aside implements AutoCloseable {
  private @Nullable FutureTask<Void> started;

  /** What may be done aside. */
  interface Work {
    void run() throws IOException;
  }

  /** Starts a piece of work; the one before must have been waited for. */
  void start(Work work) {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          work.run();
          return null;
        });
    started = task;
    Thread.ofPlatform().daemon().name("aside").start(task);
  }

  /** Waits for the work to end, and throws what it threw. */
  void await() throws IOException {
    FutureTask<Void> task = started;
    started = null;
    if (task == null) {
      return;
    }
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    await();
  }
}
