package dropsite.dwarf;

import dropsite.bytes.UnsignedOrder;
import dropsite.symbols.SourceFrame;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Many lookups in one file, in the order of their addresses, so that a unit is read once whatever
 * order the questions come in, and on all processors, so that neighbours share a unit.
 */
final class BatchLookup {
  /** Fewer than this are answered sooner than a thread starts. */
  private static final int MIN_ADDRESSES_PER_THREAD = 256;

  /** Shares per thread: small enough that no thread waits long for the others at the end. */
  private static final int SHARES_PER_THREAD = 16;

  private final DwarfFile file;
  private final long[] addresses;
  private final int[] order;
  private final List<SourceFrame>[] answers;
  private final AtomicInteger nextShare = new AtomicInteger();
  private int shares;

  BatchLookup(DwarfFile file, long[] linkAddresses) {
    this.file = file;
    this.addresses = linkAddresses;
    this.order = UnsignedOrder.of(linkAddresses, linkAddresses.length);
    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no array of a generic type.
    List<SourceFrame>[] empty = new List[linkAddresses.length];
    this.answers = empty;
  }

  /** Returns the frames of each address, in the order asked. */
  List<List<SourceFrame>> run() {
    int threads =
        Math.min(
            Runtime.getRuntime().availableProcessors(),
            addresses.length / MIN_ADDRESSES_PER_THREAD);
    shares = Math.max(threads, 1) * (threads > 1 ? SHARES_PER_THREAD : 1);
    Failure failure = new Failure();
    Thread[] others = new Thread[Math.max(threads - 1, 0)];
    for (int i = 0; i < others.length; i++) {
      others[i] = Thread.ofPlatform().daemon().name("lookup-" + i).start(() -> work(failure));
    }
    work(failure);
    for (Thread other : others) {
      join(other);
    }
    failure.rethrow();
    return Arrays.asList(answers);
  }

  private void work(Failure failure) {
    try {
      for (int share = nextShare.getAndIncrement();
          share < shares && !failure.happened();
          share = nextShare.getAndIncrement()) {
        answer(share);
      }
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private void answer(int share) {
    int from = (int) ((long) order.length * share / shares);
    int to = (int) ((long) order.length * (share + 1) / shares);
    for (int i = from; i < to; i++) {
      boolean again = i > from && addresses[order[i]] == addresses[order[i - 1]];
      answers[order[i]] = again ? answers[order[i - 1]] : file.frames(addresses[order[i]]);
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
