package dropsite.symbols;

import dropsite.bytes.UnsignedOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Many lookups in one file, in the order of their addresses, so that what neighbours share is read
 * once and found close by, and on all processors.
 */
public final class BatchLookup {
  /** Fewer than this are answered sooner than a thread starts. */
  private static final int MIN_ADDRESSES_PER_THREAD = 256;

  /** Shares per thread: small enough that no thread waits long for the others at the end. */
  private static final int SHARES_PER_THREAD = 16;

  private final DebugSymbols file;
  private final long[] addresses;
  private final int[] order;
  private final Supplier<? extends FrameReceiver> receivers;
  private final AtomicInteger nextShare = new AtomicInteger();
  private final int threads;
  private final int shares;

  /**
   * @param receivers asked for one receiver by each thread
   */
  public BatchLookup(
      DebugSymbols file, long[] linkAddresses, Supplier<? extends FrameReceiver> receivers) {
    this.file = file;
    this.addresses = linkAddresses;
    this.order = UnsignedOrder.of(linkAddresses, linkAddresses.length);
    this.receivers = receivers;
    this.threads =
        Math.clamp(
            linkAddresses.length / MIN_ADDRESSES_PER_THREAD,
            1,
            Runtime.getRuntime().availableProcessors());
    this.shares = threads == 1 ? 1 : threads * SHARES_PER_THREAD;
  }

  /** Returns whether there is work for more than one thread. */
  public boolean isLarge() {
    return threads > 1;
  }

  /** Looks all up and returns when every answer has been taken. */
  public void run() {
    Workers.run(threads, this::work);
  }

  private void work(BooleanSupplier stopped) {
    FrameReceiver receiver = receivers.get();
    for (int share = nextShare.getAndIncrement();
        share < shares && !stopped.getAsBoolean();
        share = nextShare.getAndIncrement()) {
      answer(share, receiver);
    }
  }

  private void answer(int share, FrameReceiver receiver) {
    int from = (int) ((long) order.length * share / shares);
    int to = (int) ((long) order.length * (share + 1) / shares);
    long last = 0;
    List<SourceFrame> frames = List.of();
    for (int i = from; i < to; i++) {
      long address = addresses[order[i]];
      if (i == from || address != last) {
        frames = file.frames(address);
        last = address;
      }
      receiver.take(order[i], frames);
    }
  }
}
