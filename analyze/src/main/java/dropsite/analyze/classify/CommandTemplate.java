package dropsite.analyze.classify;

import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the templates of a {@link Classification} commands for one event: its interface,
 * addresses and ports filled in, and run in its network namespace.
 */
public final class CommandTemplate {
  /** What a shell does not take as one plain command. */
  private static final String SHELL_SYNTAX = "|;&<>$`()*?[\n";

  /** What double quotes do not keep from a shell. */
  private static final String QUOTED_SYNTAX = "$`";

  private static final String ENTER = "nsenter ";
  private static final String DEVICE_FILES = "/sys/class/net/";

  private static final String UNKNOWN_PROCESS = "/proc/PID/";

  private final EventFacts facts;
  private final Box box;

  /**
   * @param box that the event was recorded on
   */
  public CommandTemplate(EventFacts facts, Box box) {
    this.facts = facts;
    this.box = box;
  }

  /**
   * Returns the steps with {@code {interface}} and the like filled in. What was not recorded stands
   * in capitals.
   */
  public List<NextStep> fill(List<NextStep> steps) {
    return run(steps, command -> fill(command, this::value));
  }

  /** Returns commands that are complete, run in the event's network namespace. */
  public List<NextStep> inNamespace(List<NextStep> steps) {
    return run(steps, command -> command);
  }

  private List<NextStep> run(List<NextStep> steps, UnaryOperator<String> completed) {
    List<NextStep> filled = new ArrayList<>();
    String prefix = prefix();
    boolean searched = false;
    for (NextStep step : steps) {
      String command = completed.apply(step.command());
      if (prefix == null || !step.ofNamespace()) {
        filled.add(new NextStep(command, step.why(), step.ofNamespace()));
        continue;
      }
      if (prefix.contains(UNKNOWN_PROCESS) && !searched) {
        searched = true;
        filled.add(
            new NextStep(
                "lsns -t net -o NS,PID,COMMAND",
                "PID is a process in the packet's network namespace, net:[" + facts.netns() + "]",
                false));
      }
      filled.add(new NextStep(prefix + inOne(prefix, step.command(), command), step.why()));
    }
    return filled;
  }

  /** Returns what runs a command in the event's namespace; null when it runs there anyway. */
  private @Nullable String prefix() {
    if (facts.netns() == null || box.namespaces().isEmpty()) {
      return null;
    }
    Namespace namespace = box.namespace(facts.netns());
    if (namespace != null && namespace.root()) {
      return null;
    }
    if (namespace != null && !namespace.names().isEmpty()) {
      return "ip netns exec " + ShellWord.of(namespace.names().getFirst()) + " ";
    }
    String process =
        namespace == null || namespace.pids().isEmpty()
            ? "PID"
            : Integer.toString(namespace.pids().getFirst());
    return ENTER + "--net=/proc/" + process + "/ns/net ";
  }

  /**
   * A prefix takes one command: of several, a shell makes one. Files of devices are those of the
   * namespace that /sys was mounted in; ip netns mounts it anew, for nsenter that is to be said.
   */
  private static String inOne(String prefix, String template, String command) {
    if (prefix.startsWith(ENTER) && template.contains(DEVICE_FILES)) {
      return "unshare -m sh -c " + ShellWord.quoted("mount -t sysfs none /sys && " + command);
    }
    return plain(template) ? command : "sh -c " + ShellWord.quoted(command);
  }

  /** Returns whether a shell takes it as one command, and completes nothing (POSIX XCU 2.2). */
  private static boolean plain(String command) {
    char quote = 0;
    boolean escaped = false;
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (c == '\\' && quote != '\'') {
        escaped = true;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (quote != '\'' && (quote == 0 ? SHELL_SYNTAX : QUOTED_SYNTAX).indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns a text with each {@code {name}} replaced; unknown names become capitals to fill in. */
  static String fill(String template, UnaryOperator<@Nullable String> values) {
    StringBuilder result = new StringBuilder();
    int position = 0;
    while (position < template.length()) {
      int open = template.indexOf('{', position);
      int close = open < 0 ? -1 : template.indexOf('}', open);
      if (close < 0) {
        break;
      }
      String name = template.substring(open + 1, close);
      String value = values.apply(name);
      result
          .append(template, position, open)
          .append(value == null ? name.toUpperCase(Locale.ROOT) : ShellWord.of(value));
      position = close + 1;
    }
    return result.append(template, position, template.length()).toString();
  }

  private @Nullable String value(@Nullable String name) {
    PacketSummary packet = facts.packet();
    return switch (name) {
      case "interface" -> facts.interfaceName();
      // sysctl takes a dot for a step, and a slash for a dot in a name.
      case "interface-key" ->
          facts.interfaceName() == null ? null : facts.interfaceName().replace('.', '/');
      case "source" -> packet == null ? null : packet.source();
      case "destination" -> packet == null ? null : packet.destination();
      case "sport" -> packet == null ? null : port(packet.sourcePort());
      case "dport" -> packet == null ? null : port(packet.destinationPort());
      case null, default -> null;
    };
  }

  private static @Nullable String port(int port) {
    return port == 0 ? null : Integer.toString(port);
  }
}
