package dropsite.capture.host;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a snapshot may cost.
 *
 * @param omitted names of parts that are not taken; {@code ip} leaves out {@code ip-route} and all
 *     other {@code ip-} parts too, {@code all} everything
 * @param mostNanosEach that a program may run
 * @param mostNanos that the whole snapshot may take; what is left out then says so
 * @param mostBytesEach of one part
 * @param mostBytes of all parts together
 * @param mostNamespaces that are looked at
 */
public record SnapshotOptions(
    Set<String> omitted,
    long mostNanosEach,
    long mostNanos,
    int mostBytesEach,
    long mostBytes,
    int mostNamespaces) {

  /** Takes everything, within 30 seconds. */
  public static final SnapshotOptions DEFAULT =
      new SnapshotOptions(
          Set.of(),
          TimeUnit.SECONDS.toNanos(5),
          TimeUnit.SECONDS.toNanos(30),
          4 << 20,
          64 << 20,
          64);

  /** Copies the names. */
  public SnapshotOptions {
    omitted = Set.copyOf(omitted);
  }

  /** Returns the same without parts of these names. */
  public SnapshotOptions without(Set<String> names) {
    return new SnapshotOptions(
        names, mostNanosEach, mostNanos, mostBytesEach, mostBytes, mostNamespaces);
  }

  /** Returns whether there are parts that are not taken. */
  public boolean leavesOutAnything() {
    return !Snapshot.names().stream().allMatch(this::wants);
  }

  /** Returns whether a part of this name is to be taken. */
  boolean wants(String name) {
    return !omitted.contains("all")
        && omitted.stream().noneMatch(omit -> name.equals(omit) || name.startsWith(omit + "-"));
  }
}
