package dropsite.analyze.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a rule in the output of ebtables-save, of nftables or of the older kind. */
final class EbtablesOptions {
  private static final long MOST_PORT = 0xffff;

  private final SavedRule rule = new SavedRule();
  private @Nullable Counter counter;

  /** Reads what stands behind the chain's name. */
  static EbtablesOptions read(OptionWords words) {
    EbtablesOptions options = new EbtablesOptions();
    options.readAll(words);
    return options;
  }

  SavedRule rule() {
    return rule;
  }

  /** Returns the counter at the rule's end, as the older saver prints it; null when none is. */
  @Nullable Counter counter() {
    return counter;
  }

  private void readAll(OptionWords words) {
    String target = "";
    while (words.hasNext()) {
      boolean negated = words.take("!");
      String option = words.take();
      boolean inner = words.take("!");
      List<String> arguments = words.takeArguments();
      String argument = arguments.isEmpty() ? "" : arguments.getFirst();
      if (option.equals("-j")) {
        target = argument;
        rule.verdict(target(target, "ACCEPT"));
      } else if (option.equals("-c")) {
        counter = SavedText.counter(arguments);
      } else if (option.endsWith("-target")) {
        rule.verdict(target(target, argument));
      } else if (!ofTarget(option, target)) {
        add(option, negated || inner, arguments, argument);
      }
    }
  }

  /** Options of targets and of watchers, which decide nothing. */
  private static boolean ofTarget(String option, String target) {
    return option.equals("--log")
        || option.startsWith("--log-")
        || option.startsWith("--nflog")
        || option.startsWith("--ulog")
        || option.startsWith("--to-")
        || option.startsWith("--arpreply-")
        || (target.equals("mark") && (option.startsWith("--mark-") || option.equals("--set-mark")));
  }

  private void add(String option, boolean negated, List<String> arguments, String argument) {
    String words =
        option
            + (negated ? " !" : "")
            + (arguments.isEmpty() ? "" : " " + String.join(" ", arguments));
    Condition condition =
        arguments.size() == 1 ? condition(option, argument, negated, words) : null;
    rule.add(
        condition != null
            ? condition
            : new Condition.Unknown(
                words,
                Unevaluated.because(option.startsWith("--limit") ? "limit" : option)
                    + " ("
                    + words
                    + ")"));
  }

  private static @Nullable Condition condition(
      String option, String text, boolean negated, String words) {
    return switch (option) {
      case "-p", "--protocol" -> number(Field.FRAME_TYPE, text, negated, words);
      case "-s", "--source", "--src" -> Addresses.mac(Field.MAC_SOURCE, text, negated, words);
      case "-d", "--destination", "--dst" ->
          Addresses.mac(Field.MAC_DESTINATION, text, negated, words);
      case "-i", "--in-interface", "--in-if" -> Addresses.device(Field.IN, text, negated, words);
      case "-o", "--out-interface", "--out-if" -> Addresses.device(Field.OUT, text, negated, words);
      case "--logical-in" -> Addresses.device(Field.LOGICAL_IN, text, negated, words);
      case "--logical-out" -> Addresses.device(Field.LOGICAL_OUT, text, negated, words);
      case "--ip-src", "--ip-source" -> Addresses.network(Field.SOURCE4, text, negated, words);
      case "--ip-dst", "--ip-destination" ->
          Addresses.network(Field.DESTINATION4, text, negated, words);
      case "--ip-tos" -> number(Field.CLASS4, text, negated, words);
      case "--ip6-src", "--ip6-source" -> Addresses.network(Field.SOURCE6, text, negated, words);
      case "--ip6-dst", "--ip6-destination" ->
          Addresses.network(Field.DESTINATION6, text, negated, words);
      case "--ip6-tclass" -> number(Field.CLASS6, text, negated, words);
      case "--ip-proto", "--ip-protocol", "--ip6-proto", "--ip6-protocol" ->
          number(Field.PROTOCOL, text, negated, words);
      case "--ip-sport", "--ip-source-port", "--ip6-sport", "--ip6-source-port" ->
          Addresses.range(Field.SOURCE_PORT, text, MOST_PORT, negated, words);
      case "--ip-dport", "--ip-destination-port", "--ip6-dport", "--ip6-destination-port" ->
          Addresses.range(Field.DESTINATION_PORT, text, MOST_PORT, negated, words);
      case "--ip-icmp-type" -> number(Field.ICMP_TYPE, text, negated, words);
      case "--ip6-icmp-type" -> number(Field.ICMP6_TYPE, text, negated, words);
      case "--arp-op", "--arp-opcode" -> number(Field.ARP_OPERATION, text, negated, words);
      case "--arp-ip-src" -> Addresses.network(Field.ARP_SOURCE, text, negated, words);
      case "--arp-ip-dst" -> Addresses.network(Field.ARP_TARGET, text, negated, words);
      case "--arp-mac-src" -> Addresses.mac(Field.ARP_MAC_SOURCE, text, negated, words);
      case "--arp-mac-dst" -> Addresses.mac(Field.ARP_MAC_TARGET, text, negated, words);
      case "--vlan-id" -> number(Field.VLAN_ID, text, negated, words);
      case "--vlan-prio" -> number(Field.VLAN_PRIORITY, text, negated, words);
      case "--mark" -> Addresses.bits(Field.MARK, text, negated, words);
      case "--pkttype-type" -> number(Field.PACKET_TYPE, text, negated, words);
      default -> null;
    };
  }

  private static @Nullable Condition number(
      Field field, String text, boolean negated, String words) {
    Value value = Symbols.number(field, text);
    return value == null ? null : Condition.in(field, List.of(Span.of(value)), negated, words);
  }

  /**
   * Returns what a target does (ebtables(8)).
   *
   * @param then what happens after an extension has done its work
   */
  private static Verdict target(String name, String then) {
    return switch (name) {
      case "dnat", "snat", "redirect", "mark" -> {
        Verdict after = target(then, then);
        yield new Verdict(after.kind(), name);
      }
      // Answers a request and drops it, unless something else is asked for.
      case "arpreply" ->
          then.equals("ACCEPT") ? new Verdict(Verdict.Kind.DROP, name) : target(then, then);
      case "CONTINUE" -> Verdict.of(Verdict.Kind.CONTINUE);
      default -> IptablesOptions.target(name);
    };
  }
}
