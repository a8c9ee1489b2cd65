package dropsite.capture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a probe records.
 *
 * @param filter which events
 * @param includeConsumed whether to record consumed buffers (skb:consume_skb) too
 * @param snapBytes of each packet from the network header on, at most
 * @param eventsPerSecond that each CPU may pass on, on average; 0 for as many as there are
 * @param bufferBytes memory of the kernel for events that are waiting to be read
 * @param offsets file with the places of struct members, made elsewhere; null to ask the running
 *     kernel (source tracefs)
 */
public record ProbeOptions(
    DropFilter filter,
    boolean includeConsumed,
    int snapBytes,
    int eventsPerSecond,
    long bufferBytes,
    @Nullable Path offsets) {

  /** As many packet bytes as a probe can be asked for. */
  public static final int MOST_SNAP_BYTES = 2048;
}
