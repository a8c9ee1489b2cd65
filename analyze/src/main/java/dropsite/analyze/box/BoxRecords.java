package dropsite.analyze.box;

import dropsite.capture.file.CaptureRecord;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.SnapshotPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what the records of a capture file say of one box, with bounded memory. */
public final class BoxRecords {
  private static final int MOST_NAMESPACES = 1 << 12;
  private static final long MOST_SNAPSHOT_BYTES = 256L << 20;

  /** The word that stands for the namespace of process 1. */
  private static final String ROOT = "(root)";

  private final Map<Long, Namespace> namespaces = new HashMap<>();
  private final List<SnapshotPart> parts = new ArrayList<>();
  private @Nullable HostKernel kernel;
  private long snapshotBytes;
  private boolean leftOut;
  private @Nullable Box known;

  /** Takes what a record says; records that say nothing of the box are passed over. */
  public void meet(CaptureRecord record) {
    known = null;
    switch (record) {
      case CaptureRecord.Kernel met -> kernel = met.kernel();
      case CaptureRecord.Names names -> add(names.names());
      case CaptureRecord.Snapshot snapshot -> add(snapshot.part());
      default -> {}
    }
  }

  private void add(NetworkNames names) {
    if (namespaces.size() == MOST_NAMESPACES && !namespaces.containsKey(names.netns())) {
      return;
    }
    Map<Integer, String> interfaces = new HashMap<>();
    names.interfaces().forEach(each -> interfaces.put(each.ifindex(), text(each.name())));
    namespaces.put(
        names.netns(),
        new Namespace(
            names.netns(),
            names.names().stream().filter(name -> !name.equals(ROOT)).toList(),
            names.names().contains(ROOT),
            names.pids(),
            interfaces));
  }

  private void add(SnapshotPart part) {
    snapshotBytes += part.bytes().length;
    if (snapshotBytes > MOST_SNAPSHOT_BYTES) {
      leftOut = true;
      parts.add(part.without("there are more snapshots than are kept"));
      return;
    }
    parts.add(part);
  }

  /** Returns the kernel's release as {@code uname -r} prints it; null when not recorded so far. */
  public @Nullable String release() {
    return kernel == null || kernel.release().isEmpty() ? null : kernel.release();
  }

  /** Returns whether there were more snapshots than are kept. */
  public boolean leftOut() {
    return leftOut;
  }

  /** Returns what is known of the box so far. */
  public Box box() {
    Box box = known;
    if (box == null) {
      box = made();
      known = box;
    }
    return box;
  }

  private Box made() {
    HostKernel met = kernel;
    return met == null
        ? new Box("", "", "", "", "", namespaces, parts)
        : new Box(
            met.hostName(),
            met.bootId(),
            met.version(),
            met.machine(),
            met.commandLine(),
            namespaces,
            parts);
  }

  /** Returns bytes that stand in chars as the text that they most likely are. */
  public static String text(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
