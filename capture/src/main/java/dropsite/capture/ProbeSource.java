package dropsite.capture;

import java.io.IOException;
import java.util.List;

/**
 * Where drop events come from: a probe that has been put into the running kernel.
 *
 * <p>Used by one thread. Closing takes everything out of the kernel again that opening put there;
 * what the kernel cannot take out by itself when the process is killed, the next opening does.
 */
public interface ProbeSource extends AutoCloseable {

  /** Takes events as they come. */
  @FunctionalInterface
  interface Receiver {
    /** Takes one; called by the thread that polls. */
    void event(DropEvent event) throws IOException;
  }

  /** Returns its name on the command line: {@code bpf} or {@code tracefs}. */
  String name();

  /**
   * Returns what the recording lacks with this source on this kernel, and why: one sentence each,
   * for the user and for the file; empty when nothing.
   */
  List<String> limits();

  /**
   * Hands over the events that are there, waiting for the first if there are none.
   *
   * @param mostNanos how long to wait, in nanoseconds; 0 does not wait
   * @return how many were handed over
   * @throws IOException when the probe cannot be read any more, or the receiver failed
   */
  int poll(Receiver receiver, long mostNanos) throws IOException;

  /** Stops the probe, so that a last {@link #poll} gives all that is left. */
  void stop() throws IOException;

  /** Returns what has been lost so far; still answers after {@link #stop}. */
  Losses losses() throws IOException;

  @Override
  void close() throws IOException;
}
