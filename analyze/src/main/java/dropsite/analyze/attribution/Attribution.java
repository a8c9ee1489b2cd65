package dropsite.analyze.attribution;

import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of a box's state explains a drop. Texts come from the box, and are made fit for a terminal
 * or a page by whoever prints them.
 *
 * @param text as the box itself prints it, such as a rule
 * @param table that it stands in; null where there are none
 * @param chain that it stands in; null where there are none
 * @param handle by which the box names it: a handle, a line number; null when it has none
 * @param counterDelta how far its counter moved while recording; null when nothing counts
 * @param evidence why it is believed, and how sure that is, one sentence each
 * @param commands that show it, then those that change it; the caller puts them into the namespace
 */
public record Attribution(
    Kind kind,
    String text,
    @Nullable String table,
    @Nullable String chain,
    @Nullable String handle,
    @Nullable Long counterDelta,
    Confidence confidence,
    List<String> evidence,
    List<NextStep> commands) {

  /** What sort of thing it is. */
  public enum Kind {
    /** A firewall rule. */
    RULE,
    /** The policy of a firewall's chain. */
    POLICY,
    /** The connection tracking table. */
    CONNTRACK,
    /** A route, or that there is none. */
    ROUTE,
    /** A setting of the kernel. */
    SYSCTL,
    /** An entry of the neighbour table. */
    NEIGHBOUR,
    /** A queueing discipline. */
    QDISC,
    /** A filter or action of tc. */
    FILTER,
    /** A BPF program. */
    PROGRAM,
    /** A network device. */
    DEVICE,
    /** A socket, or that there is none. */
    SOCKET;

    /** Returns the name used in JSON and text. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the lists. */
  public Attribution {
    evidence = List.copyOf(evidence);
    commands = List.copyOf(commands);
  }

  /** Returns whether both name the same thing, whatever is known about it. */
  public boolean sameThing(Attribution other) {
    return identity().equals(other.identity());
  }

  /** Returns the same with a confidence of at most some, and why. */
  public Attribution doubted(Confidence most, String why) {
    List<String> all = new ArrayList<>(evidence);
    all.add(why);
    return new Attribution(
        kind, text, table, chain, handle, counterDelta, confidence.atMost(most), all, commands);
  }

  /** Returns the same with other commands. */
  public Attribution withCommands(List<NextStep> others) {
    return new Attribution(
        kind, text, table, chain, handle, counterDelta, confidence, evidence, others);
  }

  /** Returns what tells its counter from others: packets without a socket are counted together. */
  public List<String> counter() {
    return kind == Kind.SOCKET ? List.of(kind.word()) : identity();
  }

  /** Returns what tells it from others: kind, place and text. */
  public List<String> identity() {
    return List.of(
        kind.word(), String.valueOf(table), String.valueOf(chain), String.valueOf(handle), text);
  }
}
