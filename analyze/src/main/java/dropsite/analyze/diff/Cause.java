package dropsite.analyze.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a finding the same in two reports, whatever kernel they are of: lines move from one
 * build to the next, and addresses mean nothing in another.
 *
 * @param classId of the drop
 * @param function that let the packet go; null when not known
 * @param caller of that function; null when not known
 * @param reason name that the kernel gave; null for none
 * @param namespace name; null when it has none, or makes no difference
 * @param attribution what in the snapshots explains it: kind, table, chain and text; empty for
 *     nothing
 */
record Cause(
    String classId,
    @Nullable String function,
    @Nullable String caller,
    @Nullable String reason,
    @Nullable String namespace,
    List<String> attribution) {

  Cause {
    attribution = List.copyOf(attribution);
  }

  /** Returns whether both may be one, where inlining or names of reasons differ between kernels. */
  boolean mayBe(Cause other) {
    return classId.equals(other.classId)
        && attribution.equals(other.attribution)
        && (namespace == null ? other.namespace == null : namespace.equals(other.namespace))
        && (reason == null || other.reason == null || reason.equals(other.reason));
  }
}
