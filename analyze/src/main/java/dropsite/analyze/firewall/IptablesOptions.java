package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a rule in the output of iptables-save and ip6tables-save. */
final class IptablesOptions {
  private static final long MOST_PORT = 0xffff;
  private static final long MOST_LENGTH = 0xffff;
  private static final long MOST_TTL = 0xff;
  private static final int FRAGMENT_OFFSET = 0x1fff;
  private static final int SYN = 0x02;
  private static final int SYN_RST_ACK_FIN = 0x17;

  private final boolean four;
  private final Ipsets sets;
  private final SavedRule rule = new SavedRule();
  private String module = "";

  private IptablesOptions(String family, Ipsets sets) {
    this.four = family.equals("ip");
    this.sets = sets;
  }

  /** Reads what stands behind the chain's name. */
  static SavedRule read(OptionWords words, String family, Ipsets sets) {
    IptablesOptions options = new IptablesOptions(family, sets);
    options.readAll(words);
    return options.rule;
  }

  private void readAll(OptionWords words) {
    while (words.hasNext()) {
      boolean negated = words.take("!");
      String option = words.take();
      switch (option) {
        case "-m", "--match" -> module = words.take();
        case "--comment" -> words.take();
        case "-j", "--jump" -> {
          rule.verdict(target(words.take()));
          return; // The rest belongs to the target.
        }
        case "-g", "--goto" -> {
          rule.verdict(new Verdict(Verdict.Kind.GOTO, words.take()));
          return;
        }
        default -> {
          boolean inner = words.take("!"); // As older versions write it.
          add(option, negated || inner, words.takeArguments());
        }
      }
    }
  }

  private void add(String option, boolean negated, List<String> arguments) {
    String words =
        (negated ? "! " : "")
            + option
            + (arguments.isEmpty() ? "" : " " + String.join(" ", arguments));
    String argument = arguments.isEmpty() ? "" : arguments.getFirst();
    if (option.equals("-p") && (argument.equals("all") || argument.equals("0"))) {
      return;
    }
    Condition condition =
        switch (option) {
          case "--tcp-flags" ->
              arguments.size() == 2 ? tcpFlags(argument, arguments.get(1), negated, words) : null;
          case "--match-set" ->
              arguments.size() == 2
                  ? sets.condition(argument, arguments.get(1), negated, words)
                  : null;
          default -> arguments.size() > 1 ? null : condition(option, argument, negated, words);
        };
    rule.add(condition != null ? condition : unknown(words));
  }

  private Condition unknown(String words) {
    return new Condition.Unknown(words, Unevaluated.because(module) + " (" + words + ")");
  }

  private @Nullable Condition condition(String option, String text, boolean negated, String words) {
    return switch (option) {
      case "-s", "--source" -> network(true, text, negated, words);
      case "-d", "--destination" -> network(false, text, negated, words);
      case "-i", "--in-interface" -> Addresses.device(Field.IN, text, negated, words);
      case "-o", "--out-interface" -> Addresses.device(Field.OUT, text, negated, words);
      case "-p", "--protocol" -> number(Field.PROTOCOL, text, negated, words);
      case "-f", "--fragment" -> fragment(negated, words);
      default -> ofModule(option, text, negated, words);
    };
  }

  private @Nullable Condition ofModule(String option, String text, boolean negated, String words) {
    return switch (module) {
      case "tcp", "udp", "udplite", "sctp", "dccp" ->
          switch (option) {
            case "--sport", "--source-port" -> port(Field.SOURCE_PORT, text, negated, words);
            case "--dport", "--destination-port" ->
                port(Field.DESTINATION_PORT, text, negated, words);
            case "--syn" ->
                Addresses.masked(
                    Field.TCP_FLAGS, Value.of(SYN), Value.of(SYN_RST_ACK_FIN), negated, words);
            default -> null;
          };
      case "icmp" ->
          option.equals("--icmp-type")
              ? icmp(Field.ICMP_TYPE, Field.ICMP_CODE, text, negated, words)
              : null;
      case "icmp6", "icmpv6" ->
          option.equals("--icmpv6-type")
              ? icmp(Field.ICMP6_TYPE, Field.ICMP6_CODE, text, negated, words)
              : null;
      case "multiport" -> multiport(option, text, negated, words);
      case "iprange" -> iprange(option, text, negated, words);
      case "mark" ->
          option.equals("--mark") ? Addresses.bits(Field.MARK, text, negated, words) : null;
      case "mac" ->
          option.equals("--mac-source")
              ? Addresses.mac(Field.MAC_SOURCE, text, negated, words)
              : null;
      case "physdev" ->
          switch (option) {
            case "--physdev-in" -> Addresses.device(Field.PHYSICAL_IN, text, negated, words);
            case "--physdev-out" -> Addresses.device(Field.PHYSICAL_OUT, text, negated, words);
            default -> null;
          };
      case "length" ->
          option.equals("--length")
              ? Addresses.range(Field.LENGTH, text, MOST_LENGTH, negated, words)
              : null;
      case "ttl" -> ttl(Field.TTL, option, "--ttl", text, negated, words);
      case "hl" -> ttl(Field.HOP_LIMIT, option, "--hl", text, negated, words);
      case "pkttype" ->
          option.equals("--pkt-type") ? number(Field.PACKET_TYPE, text, negated, words) : null;
      case "tos" ->
          option.equals("--tos") ? Addresses.bits(trafficClass(), text, negated, words) : null;
      case "dscp" -> dscp(option, text, negated, words);
      case "addrtype" -> addressType(option, text, negated, words);
      default -> null;
    };
  }

  private Field trafficClass() {
    return four ? Field.CLASS4 : Field.CLASS6;
  }

  private Field source() {
    return four ? Field.SOURCE4 : Field.SOURCE6;
  }

  private Field destination() {
    return four ? Field.DESTINATION4 : Field.DESTINATION6;
  }

  private @Nullable Condition network(boolean source, String text, boolean negated, String words) {
    return Addresses.network(source ? source() : destination(), text, negated, words);
  }

  private static @Nullable Condition number(
      Field field, String text, boolean negated, String words) {
    Value value = Symbols.number(field, text);
    return value == null ? null : Condition.in(field, List.of(Span.of(value)), negated, words);
  }

  private static @Nullable Condition port(Field field, String text, boolean negated, String words) {
    return Addresses.range(field, text, MOST_PORT, negated, words);
  }

  /** IPv4 only: fragments but the first. */
  private static Condition fragment(boolean negated, String words) {
    return Addresses.masked(
        Field.FRAGMENT, Value.of(0), Value.of(FRAGMENT_OFFSET), !negated, words);
  }

  private static @Nullable Condition tcpFlags(
      String mask, String flags, boolean negated, String words) {
    Value bits = Symbols.number(Field.TCP_FLAGS, mask);
    Value value = Symbols.number(Field.TCP_FLAGS, flags);
    return bits == null || value == null
        ? null
        : Addresses.masked(Field.TCP_FLAGS, value, bits, negated, words);
  }

  /** A type, or a type and a code behind a slash. */
  private static @Nullable Condition icmp(
      Field type, Field code, String text, boolean negated, String words) {
    if (text.equals("any")) {
      return Condition.all(List.of(), negated, words);
    }
    String[] parts = text.split("/", 2);
    Condition ofType = number(type, parts[0], false, words);
    Condition ofCode =
        parts.length < 2
            ? Condition.all(List.of(), false, "")
            : number(code, parts[1], false, words);
    return ofType == null || ofCode == null
        ? null
        : Condition.all(List.of(ofType, ofCode), negated, words);
  }

  private static @Nullable Condition multiport(
      String option, String text, boolean negated, String words) {
    List<Span> spans = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      Span span = Addresses.range(Field.SOURCE_PORT, each, ':', MOST_PORT);
      if (span == null) {
        return null;
      }
      spans.add(span);
    }
    return switch (option) {
      case "--sports", "--source-ports" -> Condition.in(Field.SOURCE_PORT, spans, negated, words);
      case "--dports", "--destination-ports" ->
          Condition.in(Field.DESTINATION_PORT, spans, negated, words);
      case "--ports" ->
          Condition.any(
              List.of(
                  Condition.in(Field.SOURCE_PORT, spans, false, words),
                  Condition.in(Field.DESTINATION_PORT, spans, false, words)),
              negated,
              words);
      default -> null;
    };
  }

  private @Nullable Condition iprange(String option, String text, boolean negated, String words) {
    Field field =
        switch (option) {
          case "--src-range" -> source();
          case "--dst-range" -> destination();
          default -> null;
        };
    String[] ends = text.split("-", 2);
    Value first = Value.address(ends[0]);
    Value last = Value.address(ends[ends.length - 1]);
    return field == null || first == null || last == null
        ? null
        : Condition.in(field, List.of(Span.of(first, last)), negated, words);
  }

  private static @Nullable Condition ttl(
      Field field, String option, String prefix, String text, boolean negated, String words) {
    Value value = Value.number(text);
    if (value == null || !option.startsWith(prefix + "-")) {
      return null;
    }
    return switch (option.substring(prefix.length())) {
      case "-eq" -> Condition.in(field, List.of(Span.of(value)), negated, words);
      case "-lt" ->
          Condition.in(
              field,
              value.low() == 0
                  ? List.of()
                  : List.of(Span.of(Value.of(0), Value.of(value.low() - 1))),
              negated,
              words);
      case "-gt" ->
          Condition.in(
              field,
              List.of(Span.of(Value.of(value.low() + 1), Value.of(MOST_TTL))),
              negated,
              words);
      default -> null;
    };
  }

  private @Nullable Condition dscp(String option, String text, boolean negated, String words) {
    Value point = option.equals("--dscp") ? Symbols.number(trafficClass(), text) : null;
    return point == null
        ? null
        : Addresses.masked(
            trafficClass(), Value.of(point.low() << 2), Value.of(0xfc), negated, words);
  }

  /** Of all types of addresses only groups can be told by the address itself. */
  private @Nullable Condition addressType(
      String option, String text, boolean negated, String words) {
    boolean source = option.equals("--src-type");
    if (!text.equals("MULTICAST") || (!source && !option.equals("--dst-type"))) {
      return null;
    }
    return network(source, four ? "224.0.0.0/4" : "ff00::/8", negated, words);
  }

  /** Returns what a target does; one that is not known here is the name of a chain. */
  static Verdict target(String name) {
    return switch (name) {
      case "DROP", "REJECT" -> new Verdict(Verdict.Kind.DROP, name);
      case "ACCEPT" -> Verdict.of(Verdict.Kind.ACCEPT);
      case "RETURN" -> Verdict.of(Verdict.Kind.RETURN);
      case "QUEUE", "NFQUEUE" -> new Verdict(Verdict.Kind.QUEUE, name);
      case "LOG",
          "NFLOG",
          "ULOG",
          "MARK",
          "CONNMARK",
          "TOS",
          "DSCP",
          "TTL",
          "HL",
          "CLASSIFY",
          "TCPMSS",
          "TCPOPTSTRIP",
          "CT",
          "NOTRACK",
          "TRACE",
          "SET",
          "CHECKSUM",
          "TEE",
          "AUDIT",
          "SECMARK",
          "CONNSECMARK",
          "RATEEST",
          "IDLETIMER",
          "LED",
          "HMARK",
          "ECN" ->
          new Verdict(Verdict.Kind.CONTINUE, name);
      case "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP" ->
          new Verdict(Verdict.Kind.ACCEPT, name);
      case "SYNPROXY", "TPROXY", "CLUSTERIP" ->
          new Verdict(Verdict.Kind.UNSURE, name + " drops some packets");
      default -> new Verdict(Verdict.Kind.JUMP, name);
    };
  }
}
