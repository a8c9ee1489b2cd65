package dropsite.capture.host;

import java.util.List;

/**
 * Names of network namespaces and of their interfaces.
 *
 * @param netns inode number
 * @param names under which it is mounted in /run/netns; {@code (root)} for that of process 1
 * @param pids of some processes in it
 * @param interfaces in it
 */
public record NetworkNames(
    long netns, List<String> names, List<Integer> pids, List<Interface> interfaces) {
  /**
   * A network device.
   *
   * @param ifindex within its namespace
   * @param name bytes of its name, each a char of ISO 8859-1
   * @param hardwareType ARPHRD_*; -1 when not recorded
   */
  public record Interface(int ifindex, String name, int hardwareType) {}
}
