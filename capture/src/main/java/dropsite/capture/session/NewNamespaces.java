package dropsite.capture.session;

import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.Snapshot;
import dropsite.capture.host.SnapshotPart;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces that appear while recording: each is looked at when a drop first shows it,
 * since it may be gone before the recording ends. Beside the recording, which must not wait for it.
 */
final class NewNamespaces implements AutoCloseable {
  /** As many as are looked at in one recording. */
  private static final int MOST = 64;

  /** As many as are remembered, and looked at in the end. */
  private static final int MOST_KNOWN = 4096;

  private final Snapshot snapshot;
  private final Set<Long> known = new HashSet<>();
  private final Queue<SnapshotPart> parts = new ConcurrentLinkedQueue<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("namespaces").factory());
  private int met;
  private boolean tooMany;

  /**
   * @param before namespaces that need no look: they were there before
   */
  NewNamespaces(Snapshot snapshot, List<NetworkNames> before) {
    this.snapshot = snapshot;
    before.forEach(each -> known.add(each.netns()));
  }

  /** Notes the namespace of an event; 0 is none. */
  void see(long netns) {
    if (netns == 0 || known.contains(netns)) {
      return;
    }
    if (known.size() < MOST_KNOWN) {
      known.add(netns);
    }
    if (met < MOST) {
      met++;
      worker.execute(() -> look(netns));
    } else {
      tooMany = true;
    }
  }

  private void look(long netns) {
    try {
      snapshot.take(SnapshotPart.Phase.DURING, Set.of(netns), parts::add);
    } catch (IOException e) {
      throw new IllegalStateException("a queue takes all parts", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether there were more than are looked at while recording. */
  boolean tooMany() {
    return tooMany;
  }

  /** Returns the namespaces that were seen. */
  Set<Long> seen() {
    return known;
  }

  /** Returns the next part that has been taken; null when there is none yet. */
  @Nullable SnapshotPart next() {
    return parts.poll();
  }

  /** Waits for what has been begun. */
  void finish() throws InterruptedException {
    worker.shutdown();
    // A snapshot bounds its own time.
    worker.awaitTermination(1, TimeUnit.MINUTES);
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
