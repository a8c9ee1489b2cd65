package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.Layer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes events one finding.
 *
 * @param namespace where it makes a difference; empty elsewhere
 * @param thing the same without its place among others; empty for nothing
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
    List<String> cause,
    List<String> thing) {
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
        reason == null ? null : reason.name() == null ? reason.inWords() : reason.name(),
        namespace,
        cause,
        List.of());
  }

  /** Returns the key of those drops here that something explains. */
  FindingKey because(Attribution found) {
    return new FindingKey(
        classId,
        function,
        file,
        line,
        caller,
        reason,
        namespace,
        found.identity(),
        List.of(
            found.kind().word(),
            String.valueOf(found.table()),
            String.valueOf(found.chain()),
            found.text()));
  }

  /**
   * Returns a name made from what the finding is: where rules stand in their chain and how
   * namespaces are numbered has no part in it, so that it is the same in every recording.
   */
  String id() {
    List<String> words = new ArrayList<>();
    words.add(classId);
    words.add(String.valueOf(function));
    words.add(String.valueOf(file));
    words.add(String.valueOf(line));
    words.add(String.valueOf(caller));
    words.add(String.valueOf(reason));
    words.add(isNumber(namespace) ? "" : namespace);
    words.addAll(thing.isEmpty() ? cause : thing);
    return digits(words.toString());
  }

  /** Returns 16 digits that stand for a text (FNV-1a). */
  static String digits(String text) {
    long hash = FNV_OFFSET_BASIS;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return HexFormat.of().toHexDigits(hash);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
