package dropsite.analyze.box;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace of a box. Names come from the box, and are made fit for a terminal by whoever
 * prints them.
 *
 * @param inode number, by which events name it
 * @param names under which {@code ip netns} knows it; empty when it has none, or is the root one
 * @param root whether it is that of process 1
 * @param pids of some processes that were in it
 * @param interfaces names by ifindex
 */
public record Namespace(
    long inode,
    List<String> names,
    boolean root,
    List<Integer> pids,
    Map<Integer, String> interfaces) {

  /** Copies the collections. */
  public Namespace {
    names = List.copyOf(names);
    pids = List.copyOf(pids);
    interfaces = Map.copyOf(interfaces);
  }

  /** Returns the name people know it by; null when it has none. */
  public @Nullable String name() {
    return root ? "root" : names.isEmpty() ? null : names.getFirst();
  }

  /** Returns a few words for a person: its name, or its number. */
  public String inWords() {
    String name = name();
    return name == null ? "netns " + inode : name;
  }
}
