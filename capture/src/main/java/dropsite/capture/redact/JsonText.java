package dropsite.capture.redact;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redacts JSON of nft, ip and tc in place, string by string, by the key that a string belongs to,
 * and numbers that stand for addresses. Nothing else changes, so that it stays as valid as it was.
 */
final class JsonText {
  /** Keys of names of devices. */
  private static final Set<String> DEVICE =
      Set.of(
          "ifname",
          "dev",
          "link",
          "master",
          "iif",
          "oif",
          "label",
          "altnames",
          "to_dev",
          "indev",
          "orig_dev");

  /** Keys of text that somebody wrote, or that names hardware or holds a program. */
  private static final Set<String> FREE =
      Set.of(
          "comment",
          "prefix",
          "ifalias",
          "alias",
          "phys_switch_id",
          "phys_port_id",
          "bytecode",
          "cookie");

  /** Keys of what may look like an address and is none: numbers of queues and filters. */
  private static final Set<String> NUMBERS = Set.of("fh", "handle", "parent", "classid", "flowid");

  /** What rules can be asked to compare with names of devices. */
  private static final Set<String> DEVICE_FIELDS =
      Set.of("iifname", "oifname", "ibrname", "obrname", "iif", "oif");

  /** Keys of what is compared, and keys beneath which it goes on. */
  private static final Set<String> COMPARED = Set.of("right", "elem", "data");

  private static final Set<String> NESTING = Set.of("set", "val", "concat", "range");

  /** Keys of what a verdict map does with a match, after which the next one comes. */
  private static final Set<String> VERDICTS =
      Set.of("target", "accept", "drop", "continue", "return");

  /** Keys with which another comparison or object begins. */
  private static final Set<String> BEGINNINGS = Set.of("family", "match", "vmap");

  /** Values that stand beside names of devices when several fields are compared at once. */
  private static final Pattern WORD =
      Pattern.compile("tcp|udp|icmp|icmpv6|ipv6-icmp|sctp|dccp|udplite|esp|ah|ip6?|arp|vlan");

  private static final Pattern BITS =
      Pattern.compile("\\s*,\\s*\"(?:len|srclen|dstlen)\"\\s*:\\s*(\\d{1,3})");

  /** What filter u32 compares at a place of the network header, in hex, or what a filter is for. */
  private static final Pattern U32 =
      Pattern.compile(
          "\"protocol\":\\s*\"(?<protocol>[^\"]*+)\""
              + "|(?<before>\"value\":\\s*\"?)(?<value>[0-9a-f]{1,8})"
              + "(?<between>\"?,\\s*\"mask\":\\s*\"?)(?<mask>[0-9a-f]{1,8})"
              + "(?<after>\"?[^{}]{0,40}\"off\":\\s*)(?<at>-?\\d{1,3})");

  // In bytes, from the start of the network header (RFC 791, RFC 8200).
  private static final Set<Integer> V4_AT = Set.of(12, 16);
  private static final int V6_AT = 8;
  private static final int V6_END = 40;

  private final AddressFinder addresses;
  private final DeviceNames devices;
  private final NftNumbers numbers;

  JsonText(AddressFinder addresses, DeviceNames devices) {
    this.addresses = addresses;
    this.devices = devices;
    this.numbers = new NftNumbers(addresses);
  }

  /** Returns the text; of one that was cut, as far as its last whole string. */
  String redacted(String text) {
    return numbers.redacted(u32(strings(text)));
  }

  private String strings(String text) {
    StringBuilder result = new StringBuilder(text.length());
    String key = "";
    boolean asksForDevice = false;
    boolean compared = false;
    int done = 0;
    for (int start; (start = text.indexOf('"', done)) >= 0; ) {
      int end = end(text, start + 1);
      if (end < 0) {
        return result.append(text, done, start).toString();
      }
      String value = text.substring(start + 1, end);
      result.append(text, done, start + 1);
      done = end + 1;
      if (isKey(text, done)) {
        key = value;
        compared = (compared && NESTING.contains(key)) || (asksForDevice && COMPARED.contains(key));
        asksForDevice &= !BEGINNINGS.contains(key);
        result.append(value).append('"');
        continue;
      }
      asksForDevice |=
          (key.equals("key") && DEVICE_FIELDS.contains(value))
              || (key.equals("type") && value.equals("ifname"));
      boolean first = text.charAt(start - 1) == '[';
      if (key.equals("range") && first) {
        int second = text.indexOf('"', done);
        int secondEnd = second < 0 ? -1 : end(text, second + 1);
        if (secondEnd < 0) {
          return result.append('"').toString();
        }
        String[] range = range(value, text.substring(second + 1, secondEnd));
        result.append(range[0]).append(text, end, second + 1).append(range[1]).append('"');
        done = secondEnd + 1;
        continue;
      }
      boolean device =
          DEVICE.contains(key) || compared || (asksForDevice && first && VERDICTS.contains(key));
      Matcher bits = BITS.matcher(text).region(done, text.length());
      result
          .append(
              value(key, value, device, bits.lookingAt() ? Integer.parseInt(bits.group(1)) : -1))
          .append('"');
    }
    return result.append(text, done, text.length()).toString();
  }

  /** Returns where a string ends; -1 when it does not. */
  static int end(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\\' -> i++;
        case '"' -> {
          return i;
        }
        default -> {}
      }
    }
    return -1;
  }

  /** Whether a string that ends there is a key. */
  static boolean isKey(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() && text.charAt(at) == ':';
  }

  private String value(String key, String value, boolean device, int bits) {
    if (value.isEmpty() || NUMBERS.contains(key)) {
      return value;
    }
    if (FREE.contains(key)) {
      return devices.word(value);
    }
    if (bits >= 0) {
      return addresses.prefix(value, bits);
    }
    String mapped = addresses.mapped(value);
    if (!device || !mapped.equals(value) || WORD.matcher(value).matches()) {
      return mapped;
    }
    return value.indexOf('\\') < 0 ? devices.map(value) : devices.word(value);
  }

  private String[] range(String first, String last) {
    byte[] low = AddressText.parse(first);
    byte[] high = AddressText.parse(last);
    return low.length == 0 || low.length != high.length
        ? new String[] {addresses.mapped(first), addresses.mapped(last)}
        : addresses.range(low, high);
  }

  /** Of IPv4, source and destination are mapped; of IPv6 no more is left than where it looked. */
  private String u32(String text) {
    Matcher found = U32.matcher(text);
    StringBuilder result = new StringBuilder(text.length());
    String protocol = "";
    while (found.find()) {
      String replaced = found.group();
      if (found.group("protocol") != null) {
        protocol = found.group("protocol");
      } else {
        int mask = Integer.parseUnsignedInt(found.group("mask"), 16);
        int value = Integer.parseUnsignedInt(found.group("value"), 16);
        int mapped = u32(protocol, Integer.parseInt(found.group("at")), value) & mask;
        replaced =
            found.group("before")
                + Integer.toHexString(mapped)
                + found.group("between")
                + found.group("mask")
                + found.group("after")
                + found.group("at");
      }
      found.appendReplacement(result, Matcher.quoteReplacement(replaced));
    }
    return found.appendTail(result).toString();
  }

  private int u32(String protocol, int at, int value) {
    if (V4_AT.contains(at) && !protocol.equals("ipv6")) {
      return addresses.number(value);
    }
    // What stands before the network header are MAC addresses.
    return at < 0 || (!protocol.equals("ip") && at >= V6_AT && at < V6_END) ? 0 : value;
  }
}
