package dropsite.analyze.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a rule in the output of arptables-save; the target may stand before them. */
final class ArptablesOptions {
  /** Hardware and protocol are those of all ARP over Ethernet, which alone is recorded. */
  private static final String ETHERNET = "--h-";

  private ArptablesOptions() {}

  /** Reads what stands behind the chain's name. */
  static SavedRule read(OptionWords words) {
    SavedRule rule = new SavedRule();
    while (words.hasNext()) {
      boolean negated = words.take("!");
      String option = words.take();
      boolean inner = words.take("!");
      List<String> arguments = words.takeArguments();
      String argument = arguments.isEmpty() ? "" : arguments.getFirst();
      if (option.equals("-j")) {
        rule.verdict(IptablesOptions.target(argument));
      } else if (!option.startsWith("--mangle-") && !isAny(argument)) {
        String text = (negated || inner ? "! " : "") + option + " " + String.join(" ", arguments);
        Condition condition = condition(option, argument, negated || inner, text);
        rule.add(
            condition != null
                ? condition
                : new Condition.Unknown(text, Unevaluated.because(option) + " (" + text + ")"));
      }
    }
    return rule;
  }

  private static boolean isAny(String argument) {
    return argument.equals("any") || argument.equals("*") || argument.equals("anywhere");
  }

  private static @Nullable Condition condition(
      String option, String text, boolean negated, String words) {
    return switch (option) {
      case "-s", "--src-ip", "--source-ip" ->
          Addresses.network(Field.ARP_SOURCE, text, negated, words);
      case "-d", "--dst-ip", "--destination-ip" ->
          Addresses.network(Field.ARP_TARGET, text, negated, words);
      case "--src-mac", "--source-mac" -> Addresses.mac(Field.ARP_MAC_SOURCE, text, negated, words);
      case "--dst-mac", "--destination-mac" ->
          Addresses.mac(Field.ARP_MAC_TARGET, text, negated, words);
      case "-i", "--in-interface" -> Addresses.device(Field.IN, text, negated, words);
      case "-o", "--out-interface" -> Addresses.device(Field.OUT, text, negated, words);
      case "--opcode" -> Addresses.bits(Field.ARP_OPERATION, text, negated, words);
      default ->
          option.startsWith(ETHERNET) && !negated && (text.equals("6") || text.equals("1"))
              ? Condition.all(List.of(), false, words)
              : option.equals("--proto-type") && !negated && text.equals("0x800")
                  ? Condition.all(List.of(), false, words)
                  : null;
    };
  }
}
