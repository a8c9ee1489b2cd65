package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the output of iptables-save, ip6tables-save, arptables-save and ebtables-save. */
final class SavedText {
  private static final Pattern COUNTER = Pattern.compile("\\[(\\d{1,18}):(\\d{1,18})\\]");
  private static final String APPEND = "-A ";

  private final Tool tool;
  private final Ipsets sets;
  private final List<Chain> chains = new ArrayList<>();
  private final Map<String, Chain> open = new LinkedHashMap<>();
  private final Map<String, List<FirewallRule>> rules = new HashMap<>();
  private final Map<String, Integer> seen = new HashMap<>();
  private String table = "";

  private SavedText(Tool tool, Ipsets sets) {
    this.tool = tool;
    this.sets = sets;
  }

  /** Returns the chains of all tables; lines that say something else are passed over. */
  static List<Chain> read(String text, Tool tool, Ipsets sets) {
    SavedText reader = new SavedText(tool, sets);
    text.lines().forEach(reader::line);
    reader.close();
    return reader.chains;
  }

  private void line(String line) {
    if (line.startsWith("*")) {
      close();
      table = line.substring(1).strip();
    } else if (line.startsWith(":")) {
      declare(line.substring(1));
    } else if (line.startsWith(APPEND)) {
      append(line, null);
    } else if (line.startsWith("[")) {
      int end = line.indexOf(' ');
      if (end > 0 && line.startsWith(APPEND, end + 1)) {
        append(line.substring(end + 1), counter(line.substring(0, end)));
      }
    }
  }

  private void close() {
    open.forEach((name, chain) -> chains.add(chain.with(rules.getOrDefault(name, List.of()))));
    open.clear();
    rules.clear();
    seen.clear();
  }

  private void declare(String line) {
    String[] words = line.split(" ", 4);
    Counter counter = words.length > 2 ? counter(words[2]) : null;
    open.putIfAbsent(words[0], chain(words[0], words.length > 1 ? words[1] : "-", counter));
  }

  private Chain chain(String name, String policy, @Nullable Counter counter) {
    Verdict.Kind kind =
        switch (policy) {
          case "DROP" -> Verdict.Kind.DROP;
          case "ACCEPT" -> Verdict.Kind.ACCEPT;
          default -> null;
        };
    return new Chain(
        tool,
        tool.family(),
        table,
        name,
        table.equals("broute") ? null : BuiltinChains.hook(name),
        BuiltinChains.priority(tool.family(), table, name),
        Set.of(),
        false,
        kind,
        kind == null ? null : counter,
        List.of());
  }

  private void append(String line, @Nullable Counter before) {
    OptionWords words = new OptionWords(line);
    words.take();
    String chain = words.take();
    open.computeIfAbsent(chain, name -> chain(name, "-", null));
    List<FirewallRule> all = rules.computeIfAbsent(chain, name -> new ArrayList<>());
    Counter counter = before;
    SavedRule rule;
    switch (tool.syntax()) {
      case EBTABLES -> {
        EbtablesOptions options = EbtablesOptions.read(words);
        rule = options.rule();
        counter = counter == null ? options.counter() : counter;
      }
      case ARPTABLES -> rule = ArptablesOptions.read(words);
      default -> rule = IptablesOptions.read(words, tool.family(), sets);
    }
    // The same text may stand in a chain several times; which of them it is, counting tells.
    String text = line.strip().replaceFirst(" -c \\d+ \\d+$", "");
    int number = seen.merge(text, 1, Integer::sum);
    all.add(
        new FirewallRule(
            number + " " + text,
            all.size() + 1,
            null,
            counter,
            false,
            rule.conditions(),
            List.of(new FirewallRule.Branch(null, rule.verdict())),
            () -> text));
  }

  /** Reads {@code [packets:bytes]}. */
  static @Nullable Counter counter(String text) {
    Matcher matcher = COUNTER.matcher(text);
    return matcher.matches()
        ? new Counter(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
        : null;
  }

  /** Reads the packets and bytes behind {@code -c}. */
  static @Nullable Counter counter(List<String> arguments) {
    return arguments.size() == 2
        ? counter("[" + arguments.get(0) + ":" + arguments.get(1) + "]")
        : null;
  }
}
