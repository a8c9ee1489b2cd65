package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sets in the output of {@code ipset save}.
 *
 * <p>A dimension of a set is one value of the packet, or two: a port stands with its protocol.
 */
final class Ipsets {
  /** No set is known. */
  static final Ipsets NONE = new Ipsets();

  /** How deep a set of sets is looked into. */
  private static final int MOST_DEPTH = 4;

  private final Map<String, Ipset> sets = new HashMap<>();

  /** One set: what its elements are made of, and what is in it. */
  private static final class Ipset {
    private final List<String> dimensions;
    private final boolean list;
    private final boolean bitmap;
    private final boolean six;
    private final boolean changing;
    private final List<List<Span>> elements = new ArrayList<>();
    private final List<String> members = new ArrayList<>();
    private boolean understood = true;
    private @Nullable ElementSet compiled;

    Ipset(String type, String options) {
      String[] parts = type.split(":", 2);
      dimensions = List.of(parts[parts.length - 1].split(",", -1));
      list = parts[0].equals("list");
      bitmap = parts[0].equals("bitmap");
      six = options.contains(" family inet6");
      changing = options.contains(" timeout ");
    }

    ElementSet elements() {
      if (compiled == null) {
        compiled = new ElementSet(elements);
      }
      return compiled;
    }
  }

  /** Reads a text; lines that are no set's or element's are passed over. */
  static Ipsets read(String text) {
    Ipsets all = new Ipsets();
    text.lines()
        .forEach(line -> {
          String[] words = line.split(" ", 4);
          if (words.length < 3) {
            return;
          }
          String rest = words.length > 3 ? " " + words[3] + " " : " ";
          if (words[0].equals("create")) {
            all.sets.putIfAbsent(words[1], new Ipset(words[2], rest));
          } else if (words[0].equals("add")) {
            Ipset set = all.sets.get(words[1]);
            if (set != null) {
              add(set, words[2], rest.contains(" nomatch "));
            }
          }
        });
    return all;
  }

  private static void add(Ipset set, String element, boolean exception) {
    if (set.list) {
      set.members.add(element);
      return;
    }
    List<Span> spans = exception ? null : spans(set, element.split(",", -1));
    if (spans == null) {
      set.understood = false;
    } else {
      set.elements.add(spans);
    }
  }

  private static @Nullable List<Span> spans(Ipset set, String[] parts) {
    if (parts.length != set.dimensions.size()) {
      return null;
    }
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      boolean whole =
          switch (set.dimensions.get(i)) {
            case "ip", "net" -> addAddresses(parts[i], spans);
            case "port" -> addPorts(set, parts[i], spans);
            case "mac" -> add(Value.mac(parts[i]), spans);
            case "mark" -> add(Value.number(parts[i]), spans);
            case "iface" -> addDevice(parts[i], spans);
            default -> false;
          };
      if (!whole) {
        return null;
      }
    }
    return spans;
  }

  private static boolean addAddresses(String text, List<Span> spans) {
    int slash = text.indexOf('/');
    int dash = text.indexOf('-');
    Value first = Value.address(text.split("[/-]", 2)[0]);
    if (first == null) {
      return false;
    }
    if (slash >= 0) {
      if (!text.substring(slash + 1).matches("\\d{1,3}")) {
        return false;
      }
      int bits = Integer.parseInt(text.substring(slash + 1));
      spans.add(Span.prefix(first, bits, Addresses.bits(text)));
      return true;
    }
    Value last = dash < 0 ? first : Value.address(text.substring(dash + 1));
    return last != null && spans.add(Span.of(first, last));
  }

  /** {@code tcp:80}, {@code udp:1-9}, or {@code 80} where a set holds no protocols. */
  private static boolean addPorts(Ipset set, String text, List<Span> spans) {
    int colon = text.indexOf(':');
    Span ports = Addresses.range(Field.SOURCE_PORT, text.substring(colon + 1), '-', 0xffff);
    if (ports == null) {
      return false;
    }
    if (!set.bitmap) {
      Value protocol =
          colon < 0 ? Value.of(6) : Symbols.number(Field.PROTOCOL, text.substring(0, colon));
      if (protocol == null || protocol.low() == 1 || protocol.low() == 58) {
        return false; // Types and codes stand in the place of ports.
      }
      spans.add(Span.of(protocol));
    }
    return spans.add(ports);
  }

  private static boolean addDevice(String text, List<Span> spans) {
    return !text.startsWith("physdev:") && spans.add(Span.device(text, '+'));
  }

  private static boolean add(@Nullable Value value, List<Span> spans) {
    return value != null && spans.add(Span.of(value));
  }

  /**
   * Returns the condition that a packet is in a set.
   *
   * @param directions {@code src} or {@code dst} for each dimension, between commas
   */
  Condition condition(String name, String directions, boolean negated, String words) {
    Condition condition = condition(name, directions.split(",", -1), negated, words, 0);
    return condition != null
        ? condition
        : new Condition.Unknown(
            words,
            (sets.containsKey(name)
                    ? "what the set " + name + " holds is not all understood"
                    : "the set " + name + " is not in the snapshot")
                + " ("
                + words
                + ")");
  }

  private @Nullable Condition condition(
      String name, String[] directions, boolean negated, String words, int depth) {
    Ipset set = sets.get(name);
    if (set == null || !set.understood || depth > MOST_DEPTH) {
      return null;
    }
    if (set.list) {
      List<Condition> members = new ArrayList<>();
      for (String member : new HashSet<>(set.members)) {
        Condition condition = condition(member, directions, false, words, depth + 1);
        if (condition == null) {
          return null;
        }
        members.add(condition);
      }
      return Condition.any(members, negated, words);
    }
    List<Key> keys = keys(set, directions);
    return keys == null
        ? null
        : new Condition.In(keys, set.elements(), negated, set.changing, words);
  }

  private static @Nullable List<Key> keys(Ipset set, String[] directions) {
    if (directions.length < set.dimensions.size()) {
      return null;
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < set.dimensions.size(); i++) {
      boolean source = directions[i].equals("src");
      switch (set.dimensions.get(i)) {
        case "ip", "net" ->
            fields.add(
                set.six
                    ? source ? Field.SOURCE6 : Field.DESTINATION6
                    : source ? Field.SOURCE4 : Field.DESTINATION4);
        case "port" -> {
          if (!set.bitmap) {
            fields.add(Field.PROTOCOL);
          }
          fields.add(source ? Field.SOURCE_PORT : Field.DESTINATION_PORT);
        }
        case "mac" -> fields.add(source ? Field.MAC_SOURCE : Field.MAC_DESTINATION);
        case "mark" -> fields.add(Field.MARK);
        case "iface" -> fields.add(source ? Field.IN : Field.OUT);
        default -> {
          return null;
        }
      }
    }
    return fields.stream().<Key>map(Key.Of::new).toList();
  }
}
