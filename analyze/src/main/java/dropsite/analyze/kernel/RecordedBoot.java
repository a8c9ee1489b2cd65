package dropsite.analyze.kernel;

import dropsite.analyze.box.Namespace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One boot of one box that a recording is of: addresses mean something else after each.
 *
 * @param bootId empty when not recorded
 * @param hostName empty when not recorded
 * @param facts about the kernel
 * @param namespaces that the recording names, by inode number
 * @param firstNanos when its first event was, CLOCK_REALTIME in nanoseconds; null when not known
 */
public record RecordedBoot(
    String bootId,
    String hostName,
    KernelFacts facts,
    Map<Long, Namespace> namespaces,
    @Nullable Long firstNanos) {

  /** Copies the map. */
  public RecordedBoot {
    namespaces = Map.copyOf(namespaces);
  }
}
