package dropsite.capture.file;

import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.ReasonEnum;
import java.util.List;

/**
 * What stands at the beginning of every file, where no other tool loses it: without it no address
 * of the file can be resolved.
 *
 * @param application that records, with its version, such as {@code dropsite 0.1.0}
 * @param kernel with at least one reading of the clocks
 * @param modules that are loaded
 * @param reasons all enums of drop reasons
 */
public record CaptureStart(
    String application, HostKernel kernel, List<HostModule> modules, List<ReasonEnum> reasons) {
  private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** Copies the lists. */
  public CaptureStart {
    modules = List.copyOf(modules);
    reasons = List.copyOf(reasons);
    if (kernel.clocks().isEmpty()) {
      throw new IllegalArgumentException("no reading of the clocks");
    }
  }

  /** Returns the number of the recording: of this boot, begun at this moment (FNV-1a, not 0). */
  long recording() {
    long hash = FNV_OFFSET_BASIS;
    String key = kernel.bootId() + kernel.hostName() + kernel.clocks().getFirst();
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * FNV_PRIME;
    }
    return hash == 0 ? 1 : hash;
  }
}
