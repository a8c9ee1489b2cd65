package dropsite.analyze.network;

import org.jspecify.annotations.Nullable;

/**
 * How many packets a recording saw freed that are alike: what counters count of them is not silent.
 *
 * @param classId of the drop
 * @param netns inode number of the network namespace; 0 when not known
 * @param interfaceName of the packets; null when they had none
 * @param count how many
 */
public record FreedPackets(String classId, long netns, @Nullable String interfaceName, long count) {

  /** Returns whether they are of one of some classes, or of a more special one. */
  boolean isOf(Iterable<String> classes) {
    for (String each : classes) {
      if (classId.equals(each) || classId.startsWith(each + ".")) {
        return true;
      }
    }
    return false;
  }
}
