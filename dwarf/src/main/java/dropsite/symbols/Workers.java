package dropsite.symbols;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs one piece of work on several threads, the caller's among them. */
public final class Workers {
  private Workers() {}

  /** Work that looks now and then whether another thread has failed. */
  public interface Work {
    /** Does what one thread does of it; ends early once {@code stopped} says so. */
    void run(BooleanSupplier stopped);
  }

  /**
   * Runs the work once on each thread and returns when all have ended.
   *
   * @throws RuntimeException the first that any of them threw
   */
  public static void run(int threads, Work work) {
    Failure failure = new Failure();
    Thread[] others = new Thread[Math.max(threads - 1, 0)];
    for (int i = 0; i < others.length; i++) {
      others[i] =
          Thread.ofPlatform().daemon().name("lookup-" + i).start(() -> runOne(work, failure));
    }
    runOne(work, failure);
    for (Thread other : others) {
      join(other);
    }
    failure.rethrow();
  }

  private static void runOne(Work work, Failure failure) {
    try {
      work.run(failure::happened);
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The first thing that went wrong in any thread. */
  private static final class Failure {
    private volatile @Nullable Throwable first;

    boolean happened() {
      return first != null;
    }

    synchronized void set(Throwable e) {
      if (first == null) {
        first = e;
      }
    }

    void rethrow() {
      switch (first) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(first);
      }
    }
  }
}
