package dropsite.capture.host;

/**
 * One part of what the box looked like: the output of a command, or a file, at one moment.
 *
 * @param name what it is, such as {@code nft} or {@code ip-route}; the same before and after, and
 *     in every namespace
 * @param phase when it was taken
 * @param netns inode number of the network namespace it is about; 0 for the whole box
 * @param realNanos when, CLOCK_REALTIME in nanoseconds
 * @param origin the command line or the file's path
 * @param bytes what came out, possibly cut
 * @param cut whether there was more
 * @param problem why there is nothing or not all; empty when all went well
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and hot or large
public record SnapshotPart(
    String name,
    Phase phase,
    long netns,
    long realNanos,
    String origin,
    byte[] bytes,
    boolean cut,
    String problem) {

  /** When a part was taken. */
  public enum Phase {
    /** Before the probe was attached. */
    BEFORE,
    /** While events were recorded: of a namespace first met then. */
    DURING,
    /** After the probe was taken out. */
    AFTER
  }

  /** Returns whether nothing of it is missing; what is empty then was so. */
  public boolean whole() {
    return !cut && problem.isEmpty();
  }

  /** Returns what is left of it where its content cannot be had. */
  public SnapshotPart without(String why) {
    return new SnapshotPart(name, phase, netns, realNanos, origin, new byte[0], true, why);
  }
}
