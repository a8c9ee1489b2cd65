package dropsite.analyze.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions on addresses and numbers, as options write them. */
final class Addresses {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final int MAC_BITS = 48;

  private Addresses() {}

  /** Returns how many bits an address has, by how it is written. */
  static int bits(String address) {
    return address.indexOf(':') < 0 ? IPV4_BITS : IPV6_BITS;
  }

  /**
   * Returns the condition that an address lies in a network; null when the text is none.
   *
   * @param network an address, or one with a mask or the length of a prefix behind a slash
   */
  static @Nullable Condition network(Field field, String network, boolean negated, String words) {
    int slash = network.indexOf('/');
    Value address = Value.address(slash < 0 ? network : network.substring(0, slash));
    int width = bits(network);
    if (address == null) {
      return null;
    }
    if (slash < 0) {
      return Condition.in(field, List.of(Span.of(address)), negated, words);
    }
    String mask = network.substring(slash + 1);
    if (mask.matches("\\d{1,3}")) {
      Span span = Span.prefix(address, Integer.parseInt(mask), width);
      return Condition.in(field, List.of(span), negated, words);
    }
    Value bits = Value.address(mask);
    return bits == null ? null : masked(field, address, bits, negated, words);
  }

  /** Returns the condition that some bits of a field are those of a value. */
  static Condition masked(Field field, Value value, Value mask, boolean negated, String words) {
    return Condition.in(
        new Key.Masked(new Key.Of(field), mask), List.of(Span.of(value.and(mask))), negated, words);
  }

  /**
   * Returns the condition on a MAC address, with a mask behind a slash or without; null if none.
   */
  static @Nullable Condition mac(Field field, String text, boolean negated, String words) {
    int slash = text.indexOf('/');
    Value mac = mac(slash < 0 ? text : text.substring(0, slash));
    Value mask = slash < 0 ? knownMask(text) : Value.mac(text.substring(slash + 1));
    return mac == null || mask == null ? null : masked(field, mac, mask, negated, words);
  }

  /** Names of ebtables(8). */
  private static @Nullable Value mac(String text) {
    return switch (text) {
      case "Unicast" -> Value.of(0);
      case "Multicast" -> Value.of(1L << 40);
      case "Broadcast" -> Value.ones(MAC_BITS);
      case "BGA" -> Value.of(0x0180c2000000L);
      default -> Value.mac(text);
    };
  }

  private static Value knownMask(String text) {
    return text.equals("Unicast") || text.equals("Multicast")
        ? Value.of(1L << 40)
        : Value.ones(MAC_BITS);
  }

  /**
   * Returns numbers from one to another, such as {@code 1024:65535}; null when the text is none.
   */
  static @Nullable Span range(Field field, String text, char separator, long most) {
    int at = text.indexOf(separator);
    if (at < 0) {
      Value value = Symbols.number(field, text);
      return value == null ? null : Span.of(value);
    }
    Value first = at == 0 ? Value.of(0) : Symbols.number(field, text.substring(0, at));
    Value last =
        at == text.length() - 1 ? Value.of(most) : Symbols.number(field, text.substring(at + 1));
    return first == null || last == null ? null : Span.of(first, last);
  }

  /** Returns the condition that a field is a number or in a range of them; null when it is none. */
  static @Nullable Condition range(
      Field field, String text, long most, boolean negated, String words) {
    Span span = range(field, text, ':', most);
    return span == null ? null : Condition.in(field, List.of(span), negated, words);
  }

  /** Returns the condition on a number, with a mask behind a slash or without; null if none. */
  static @Nullable Condition bits(Field field, String text, boolean negated, String words) {
    int slash = text.indexOf('/');
    Value value = Symbols.number(field, slash < 0 ? text : text.substring(0, slash));
    Value mask =
        slash < 0 ? Value.ones(IPV4_BITS) : Symbols.number(field, text.substring(slash + 1));
    return value == null || mask == null ? null : masked(field, value, mask, negated, words);
  }

  /** Returns the condition that a device has a name, which may end in a wildcard. */
  static Condition device(Field field, String name, boolean negated, String words) {
    return Condition.in(field, List.of(Span.device(name, '+')), negated, words);
  }
}
