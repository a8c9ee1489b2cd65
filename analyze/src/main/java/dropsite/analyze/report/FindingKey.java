package dropsite.analyze.report;

import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.Layer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes events one finding.
 *
 * @param namespace where it makes a difference; empty elsewhere
 * @param cause identity of what in the snapshots explains it; empty for nothing
 */
record FindingKey(
    String classId,
    @Nullable String function,
    @Nullable String file,
    int line,
    @Nullable String caller,
    @Nullable String reason,
    String namespace,
    List<String> cause) {
  private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  static FindingKey of(
      Classification classification,
      @Nullable DropReason reason,
      String namespace,
      List<String> cause) {
    DropPlace place = classification.place();
    Layer layer = place == null ? null : place.layer();
    Layer caller = place == null ? null : place.caller();
    return new FindingKey(
        classification.classId(),
        layer == null ? null : layer.source().canonicalName(),
        layer == null ? null : layer.source().file(),
        layer == null ? 0 : layer.source().line(),
        caller == null ? null : caller.source().canonicalName(),
        reason == null ? null : reason.inWords(),
        namespace,
        cause);
  }

  FindingKey because(List<String> found) {
    return new FindingKey(classId, function, file, line, caller, reason, namespace, found);
  }

  /**
   * Returns a name made from what the finding is, the same in every recording (FNV-1a).
   *
   * @param host where boxes have to be told apart; empty elsewhere
   */
  String id(String host) {
    long hash = FNV_OFFSET_BASIS;
    for (byte b : (host + this).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return HexFormat.of().toHexDigits(hash);
  }
}
