package dropsite.analyze.box;

import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a recording holds of the box it was made on, from one boot to the next.
 *
 * @param hostName empty when not recorded, or when it has none
 * @param bootId empty when not recorded
 * @param version of the kernel as {@code uname -v} prints it; empty when not recorded
 * @param machine as {@code uname -m} prints it; empty when not recorded
 * @param commandLine of the kernel; empty when not recorded
 * @param namespaces network namespaces by inode number
 * @param parts of the snapshots, in the order they were taken; those that could not be had are
 *     there too, and say why
 */
public record Box(
    String hostName,
    String bootId,
    String version,
    String machine,
    String commandLine,
    Map<Long, Namespace> namespaces,
    List<SnapshotPart> parts) {

  /** As many as the first group of a boot id has, which tells boxes apart. */
  private static final int BOOT_ID_CHARACTERS = 8;

  /** Nothing is known of the box, as from texts. */
  public static final Box UNKNOWN = new Box("", "", "", "", "", Map.of(), List.of());

  /** Copies the collections. */
  public Box {
    namespaces = Map.copyOf(namespaces);
    parts = parts.stream().sorted(Comparator.comparingLong(SnapshotPart::realNanos)).toList();
  }

  /**
   * Returns what a box is called: its host name, or else {@code boot-1a2b3c4d} after its boot id.
   *
   * @return empty when neither was recorded
   */
  public static String label(String hostName, String bootId) {
    return hostName.isEmpty() && !bootId.isEmpty()
        ? "boot-" + bootId.substring(0, Math.min(bootId.length(), BOOT_ID_CHARACTERS))
        : hostName;
  }

  /** Returns what the box is called; empty when nothing tells it from others. */
  public String label() {
    return label(hostName, bootId);
  }

  /** Returns what two recordings of the same boot say together. */
  public Box and(Box later) {
    if (equals(UNKNOWN)) {
      return later;
    }
    Map<Long, Namespace> all = new HashMap<>(namespaces);
    all.putAll(later.namespaces);
    List<SnapshotPart> taken = new ArrayList<>(parts);
    taken.addAll(later.parts);
    return new Box(hostName, bootId, version, machine, commandLine, all, taken);
  }

  /**
   * Returns a network namespace.
   *
   * @param inode number; null gives null
   * @return null when nothing is known of it
   */
  public @Nullable Namespace namespace(@Nullable Long inode) {
    return inode == null ? null : namespaces.get(inode);
  }

  /**
   * Returns a part as it was when recording began, or when its namespace was first met.
   *
   * @param name of the part, such as {@code nft} (dropsite.capture.host.SnapshotStep)
   * @param netns inode number of the namespace; 0 for parts of the whole box
   */
  public Optional<SnapshotPart> before(String name, long netns) {
    return parts.stream()
        .filter(part -> part.name().equals(name) && part.netns() == netns)
        .filter(part -> part.phase() != Phase.AFTER && hasContent(part))
        .findFirst();
  }

  /** Returns a part as it was when recording had ended; parameters as for {@link #before}. */
  public Optional<SnapshotPart> after(String name, long netns) {
    return parts.reversed().stream()
        .filter(part -> part.name().equals(name) && part.netns() == netns)
        .filter(part -> part.phase() == Phase.AFTER && hasContent(part))
        .findFirst();
  }

  /**
   * Returns whether all of a part was had at one moment, so that what is not in it was not there. A
   * part that there was nothing to ask for is not there at all.
   */
  public boolean had(String name, long netns, boolean after) {
    List<SnapshotPart> taken =
        parts.stream()
            .filter(part -> part.netns() == netns && after == (part.phase() == Phase.AFTER))
            .toList();
    return taken.stream().anyMatch(SnapshotPart::whole)
        && taken.stream().filter(part -> part.name().equals(name)).allMatch(SnapshotPart::whole);
  }

  /**
   * Returns whether the snapshots are of several recordings: between them, counters moved too. The
   * files of one recording repeat what was taken before it.
   */
  public boolean hasGaps() {
    Map<List<Object>, Long> taken = new HashMap<>();
    return parts.stream()
        .filter(part -> part.phase() == Phase.BEFORE)
        .anyMatch(part -> {
          Long known =
              taken.putIfAbsent(
                  List.of(part.name(), part.netns(), part.origin()), part.realNanos());
          return known != null && known != part.realNanos();
        });
  }

  private static boolean hasContent(SnapshotPart part) {
    return part.bytes().length > 0;
  }
}
