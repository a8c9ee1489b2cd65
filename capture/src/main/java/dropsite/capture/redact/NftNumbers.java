package dropsite.capture.redact;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redacts the numbers that rules of nft compare with addresses (libnftables-json(5)): nft prints
 * them so opposite raw parts of a header ({@code @nh,128,32}) and within their sets.
 *
 * <p>Addresses of IPv4 are mapped; of all else that may hold a part of an address, 0 is left.
 */
final class NftNumbers {
  /** An object or array that has begun. */
  private static final class Level {
    final boolean array;

    /** The key of what stands here; in an array the one that the array belongs to. */
    String key;

    int index;

    Level(boolean array, String key) {
      this.array = array;
      this.key = key;
    }
  }

  private static final String ARRAYS_OF_PARTS = "concat";
  private static final String PAYLOAD = "payload";

  /** Keys of comparisons and assignments, each of which has its own fields. */
  private static final Set<String> STATEMENTS = Set.of("match", "vmap", "map", "mangle");

  /** Keys of what a field is compared with or set to. */
  private static final Set<String> COMPARED =
      Set.of("right", "set", "range", "val", ARRAYS_OF_PARTS, "addr", "value");

  private static final Pattern BARE = Pattern.compile("[-+.0-9A-Za-z]++");
  private static final Pattern RANGE =
      Pattern.compile("\\[(\\s*)(\\d{1,10})(\\s*,\\s*)(\\d{1,10})(\\s*])");
  private static final Pattern BITS = Pattern.compile("\\s*,\\s*\"len\"\\s*:\\s*(\\d{1,2})\\b");

  /** More than nft ever nests. */
  private static final int DEEPEST = 200;

  // In bits, from the start of the network header (RFC 791, RFC 8200) or of Ethernet's.
  private static final int V4_SOURCE = 96;
  private static final int V4_DESTINATION = 128;
  private static final int V4_END = 160;
  private static final int V6_SOURCE = 64;
  private static final int V6_END = 320;
  private static final int MACS_END = 96;

  private static final int ALL = -1;

  private final AddressFinder addresses;

  NftNumbers(AddressFinder addresses) {
    this.addresses = addresses;
  }

  /** Returns the text; of one that nests deeper than any of nft's, as far as there. */
  String redacted(String text) {
    return text.contains("\"" + PAYLOAD + "\"") ? new Pass(text).result() : text;
  }

  private final class Pass {
    private final String text;
    private final StringBuilder result;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Map<String, String> payload = new HashMap<>();

    /** What is left of a number, by the place of its field among those compared at once. */
    private final Map<Integer, Integer> masks = new HashMap<>();

    private String family = "";

    Pass(String text) {
      this.text = text;
      this.result = new StringBuilder(text.length());
      levels.push(new Level(true, ""));
    }

    String result() {
      Matcher bare = BARE.matcher(text);
      Matcher range = RANGE.matcher(text);
      for (int at = 0; at < text.length() && levels.size() < DEEPEST; ) {
        char c = text.charAt(at);
        int quote = c == '"' ? JsonText.end(text, at + 1) : -1;
        if (quote >= 0) {
          string(text.substring(at + 1, quote), JsonText.isKey(text, quote + 1));
          at = quote + 1;
        } else if (c == '['
            && key().equals("range")
            && range.region(at, text.length()).lookingAt()) {
          range(range);
          at = range.end();
        } else if (bare.region(at, text.length()).lookingAt()) {
          number(bare.group(), bare.end());
          at = bare.end();
        } else {
          structure(c);
          result.append(c);
          at++;
        }
      }
      return result.toString();
    }

    private Level top() {
      return levels.element();
    }

    private String key() {
      return top().key;
    }

    private void structure(char c) {
      switch (c) {
        case '{' -> {
          if (key().equals(PAYLOAD)) {
            payload.clear();
          }
          levels.push(new Level(false, key()));
        }
        case '[' -> levels.push(new Level(true, key()));
        case '}', ']' -> {
          if (levels.size() > 1) {
            levels.pop();
            ended(c == '}');
          }
        }
        case ',' -> top().index++;
        default -> {}
      }
    }

    private void ended(boolean object) {
      if (object && key().equals(PAYLOAD)) {
        if (isV4Address()) {
          masks.put(place(), ALL);
        } else if (touchesAddress()) {
          masks.put(place(), 0);
        }
      } else if (object && STATEMENTS.contains(key())) {
        masks.clear();
      }
    }

    private void string(String value, boolean isKey) {
      String left = value;
      if (isKey) {
        top().key = value;
        if (STATEMENTS.contains(value)) {
          masks.clear();
        }
      } else {
        payload.put(key(), value);
        if (key().equals("family")) {
          family = value;
        }
        // Numbers of more than 64 bits.
        if (value.startsWith("0x") && masks.containsKey(place()) && isCompared()) {
          left = "0x0";
        }
      }
      result.append('"').append(left).append('"');
    }

    private void number(String value, int end) {
      payload.put(key(), value);
      Integer mask = masks.get(place());
      if (mask == null || !value.matches("\\d+")) {
        result.append(value);
      } else if (key().equals("&")) {
        masks.put(place(), mask & number(value));
        result.append(value);
      } else {
        result.append(isCompared() ? mapped(value, mask, end) : value);
      }
    }

    private boolean isCompared() {
      return COMPARED.contains(key()) && !isMappedTo();
    }

    /** Whether this is the second of a pair, which stands for what the first is mapped to. */
    private boolean isMappedTo() {
      Level pair = top();
      return pair.array && key().equals("set") && pair.index > 0 && levels.size() > 1 && nested();
    }

    private boolean nested() {
      return levels.stream().skip(1).findFirst().map(outer -> outer.array).orElse(false);
    }

    private String mapped(String value, int mask, int end) {
      Matcher bits = BITS.matcher(text).region(end, text.length());
      int ones = bits.lookingAt() ? Integer.parseInt(bits.group(1)) : Integer.SIZE;
      int prefix = (int) (-1L << Math.max(Integer.SIZE - ones, 0));
      return value.length() > "4294967295".length()
          ? "0"
          : Integer.toUnsignedString(addresses.number(number(value)) & mask & prefix);
    }

    /** As of ranges of text, what is left is the prefix around both ends. */
    private void range(Matcher found) {
      Integer mask = masks.get(place());
      if (mask == null) {
        result.append(found.group());
        return;
      }
      int first = number(found.group(2));
      int bits = Integer.numberOfLeadingZeros(first ^ number(found.group(4)));
      int prefix = (int) (-1L << (Integer.SIZE - bits));
      int low = addresses.number(first) & mask & prefix;
      result
          .append('[')
          .append(found.group(1))
          .append(Integer.toUnsignedString(low))
          .append(found.group(3))
          .append(Integer.toUnsignedString(low | (mask & ~prefix)))
          .append(found.group(5));
    }

    private static int number(String digits) {
      return digits.length() > "4294967295".length() ? 0 : (int) Long.parseLong(digits);
    }

    private int place() {
      return levels.stream()
          .filter(level -> level.array && level.key.equals(ARRAYS_OF_PARTS))
          .findFirst()
          .map(level -> level.index)
          .orElse(0);
    }

    private boolean isV4Address() {
      if (!isRaw()) {
        return (in("protocol", "ip") && in("field", "saddr", "daddr"))
            || (in("protocol", "arp") && in("field", "saddr ip", "daddr ip"));
      }
      return in("base", "nh")
          && !family.equals("ip6")
          && !family.equals("arp")
          && (bits("offset") == V4_SOURCE || bits("offset") == V4_DESTINATION)
          && bits("len") == Integer.SIZE;
    }

    private boolean touchesAddress() {
      if (!isRaw()) {
        return payload.getOrDefault("field", "").contains("addr");
      }
      boolean v4 = family.equals("ip");
      int from = v4 ? V4_SOURCE : V6_SOURCE;
      int to = v4 ? V4_END : V6_END;
      int start = bits("offset");
      return in("base", "ll")
          ? start < MACS_END
          : in("base", "nh") && start < to && start + bits("len") > from;
    }

    private boolean isRaw() {
      return payload.containsKey("base");
    }

    private boolean in(String key, String... values) {
      return List.of(values).contains(payload.getOrDefault(key, ""));
    }

    private int bits(String key) {
      String value = payload.getOrDefault(key, "");
      return value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
    }
  }
}
