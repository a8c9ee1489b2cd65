package dropsite.analyze.classify;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Fills an event's own interface, addresses and ports into the commands to run next. */
final class CommandTemplate {
  private final EventFacts facts;

  CommandTemplate(EventFacts facts) {
    this.facts = facts;
  }

  /** Returns the steps with {@code {interface}} and the like filled in. */
  List<NextStep> fill(List<NextStep> steps) {
    return steps.stream()
        .map(step -> new NextStep(fill(step.command(), this::value), step.why()))
        .toList();
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
          .append(value == null ? name.toUpperCase(Locale.ROOT) : quoted(value));
      position = close + 1;
    }
    return result.append(template, position, template.length()).toString();
  }

  private @Nullable String value(@Nullable String name) {
    PacketSummary packet = facts.packet();
    return switch (name) {
      case "interface" -> facts.interfaceName();
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

  /** Names come from the box, and a command is made to be pasted into a shell. */
  private static String quoted(String value) {
    boolean plain =
        value
            .chars()
            .allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || "._:-@%".indexOf(c) >= 0);
    return plain && !value.isEmpty() ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}
