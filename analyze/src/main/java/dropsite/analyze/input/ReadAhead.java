package dropsite.analyze.input;

import dropsite.analyze.box.Box;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a long recording by a thread of its own, some events ahead of whoever takes them. The first
 * events are read without, so that a short recording costs no thread.
 */
public final class ReadAhead implements EventReader {
  private static final int FIRST_EVENTS = 10_000;
  private static final int BATCH_EVENTS = 256;
  private static final int MOST_BATCHES = 4;

  private final EventReader events;
  private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(MOST_BATCHES);
  private @Nullable Thread reader;
  private long taken;
  private List<StackEvent> batch = List.of();
  private int next;
  private boolean ended;
  private Box box = Box.UNKNOWN;

  /**
   * Some events.
   *
   * @param box as far as it was known behind the last of them
   * @param problem that ended the recording; null for none
   * @param last whether there are no more
   */
  private record Batch(
      List<StackEvent> events, Box box, @Nullable Exception problem, boolean last) {}

  /** Reads a recording, which is closed with this. */
  public ReadAhead(EventReader events) {
    this.events = events;
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    if (reader == null) {
      if (taken++ < FIRST_EVENTS) {
        return events.next();
      }
      reader = Thread.ofPlatform().daemon().name("read-ahead").start(this::read);
    }
    while (next == batch.size()) {
      if (ended) {
        return null;
      }
      take();
    }
    return batch.get(next++);
  }

  private void take() throws IOException {
    Batch taken;
    try {
      taken = batches.poll(1, TimeUnit.SECONDS);
      while (taken == null && reader != null && reader.isAlive()) {
        taken = batches.poll(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    taken = taken == null ? batches.poll() : taken;
    if (taken == null) {
      // It ran out of memory, which it has told.
      throw new IOException("reading ahead ended early");
    }
    batch = taken.events;
    box = taken.box;
    next = 0;
    ended = taken.last;
    if (taken.problem instanceof IOException problem) {
      throw problem;
    }
    if (taken.problem instanceof RuntimeException problem) {
      throw problem;
    }
  }

  private void read() {
    try {
      boolean last = false;
      while (!last) {
        List<StackEvent> read = new ArrayList<>(BATCH_EVENTS);
        Exception problem = null;
        try {
          while (read.size() < BATCH_EVENTS && !last) {
            StackEvent event = events.next();
            last = event == null;
            if (event != null) {
              read.add(event);
            }
          }
        } catch (IOException | RuntimeException e) {
          // Told to whoever takes the events, behind those that came before.
          problem = e;
        }
        batches.put(new Batch(read, events.box(), null, last));
        if (problem != null) {
          batches.put(new Batch(List.of(), events.box(), problem, true));
          return;
        }
      }
    } catch (InterruptedException e) {
      // Nobody takes any more.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Coverage coverage() {
    return events.coverage();
  }

  @Override
  public Box box() {
    return reader == null ? events.box() : box;
  }

  @Override
  public void close() throws IOException {
    Thread running = reader;
    if (running != null) {
      running.interrupt();
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    events.close();
  }
}
