package dropsite.capture.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says of which drops to record: for each option the texts it was given, each
 * of which may be a comma list.
 *
 * @param comm {@code --comm}: names of the task that the CPU was running when the packet was
 *     dropped. In a softirq that is whoever was interrupted, not the owner of the packet
 * @param pid {@code --pid}: processes, of which the same is true
 * @param netns {@code --netns}: inode number, name in /run/netns, or path of a network namespace
 * @param networkInterface {@code --interface}: names of the packet's device
 * @param protocol {@code --protocol}: names or numbers, of one layer
 * @param address {@code --address}: addresses or prefixes, source or destination
 * @param port {@code --port}: source or destination
 * @param reason {@code --reason}: names as this kernel has them, or numbers
 * @param expression {@code --filter}: in the language of pcap-filter(7); null for none
 */
public record FilterTexts(
    List<String> comm,
    List<String> pid,
    List<String> netns,
    List<String> networkInterface,
    List<String> protocol,
    List<String> address,
    List<String> port,
    List<String> reason,
    @Nullable String expression) {
  /** Nothing was asked for. */
  public static final FilterTexts NONE =
      new FilterTexts(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          null);
}
