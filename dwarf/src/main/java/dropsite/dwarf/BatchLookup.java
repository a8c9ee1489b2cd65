package dropsite.dwarf;

import dropsite.bytes.UnsignedOrder;
import dropsite.symbols.SourceFrame;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

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
  private final DwarfObject object;
  private final long[] addresses;
  private final int[] order;
  private final List<SourceFrame>[] answers;
  private final AtomicInteger nextShare = new AtomicInteger();
  private final int threads;
  private final int shares;

  BatchLookup(DwarfFile file, DwarfObject object, long[] linkAddresses) {
    this.file = file;
    this.object = object;
    this.addresses = linkAddresses;
    this.order = UnsignedOrder.of(linkAddresses, linkAddresses.length);
    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no array of a generic type.
    List<SourceFrame>[] empty = new List[linkAddresses.length];
    this.answers = empty;
    this.threads =
        Math.clamp(
            linkAddresses.length / MIN_ADDRESSES_PER_THREAD,
            1,
            Runtime.getRuntime().availableProcessors());
    this.shares = threads == 1 ? 1 : threads * SHARES_PER_THREAD;
  }

  /** Returns the frames of each address, in the order asked. */
  List<List<SourceFrame>> run() {
    object.expect(threads > 1);
    try {
      Workers.run(threads, this::work);
    } finally {
      object.expect(false);
    }
    return Arrays.asList(answers);
  }

  private void work(BooleanSupplier stopped) {
    for (int share = nextShare.getAndIncrement();
        share < shares && !stopped.getAsBoolean();
        share = nextShare.getAndIncrement()) {
      answer(share);
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
}
