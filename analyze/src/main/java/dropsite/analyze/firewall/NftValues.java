package dropsite.analyze.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values in nft's JSON: what packets are compared with. */
final class NftValues {
  private static final long MOST_MASK_BITS = 128;

  private NftValues() {}

  /**
   * Returns the values that an expression stands for, for a key of one value; null when it is not
   * understood.
   */
  static @Nullable List<Span> spans(Key key, JsonNode node) {
    List<Span> spans = new ArrayList<>();
    JsonNode all = node.path("set");
    if (all.isArray()) {
      for (JsonNode each : all) {
        Span span = span(key, each);
        if (span == null) {
          return null;
        }
        spans.add(span);
      }
      return spans;
    }
    Span span = span(key, node);
    return span == null ? null : List.of(span);
  }

  /** Returns the element of a set of tuples, one value for each key; null when not understood. */
  static @Nullable List<Span> tuple(List<Key> keys, JsonNode node) {
    JsonNode element = node.has("elem") ? node.path("elem").path("val") : node;
    if (keys.size() == 1) {
      Span span = span(keys.getFirst(), element);
      return span == null ? null : List.of(span);
    }
    JsonNode parts = element.path("concat");
    if (parts.size() != keys.size()) {
      return null;
    }
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Span span = span(keys.get(i), parts.get(i));
      if (span == null) {
        return null;
      }
      spans.add(span);
    }
    return spans;
  }

  private static @Nullable Span span(Key key, JsonNode node) {
    if (node.has("elem")) {
      return span(key, node.path("elem").path("val"));
    }
    if (node.has("prefix")) {
      Value address = value(key, node.path("prefix").path("addr"));
      int length = node.path("prefix").path("len").asInt(-1);
      return address == null || length < 0 || length > MOST_MASK_BITS
          ? null
          : Span.prefix(address, length, width(key));
    }
    if (node.has("range")) {
      Value first = value(key, node.path("range").path(0));
      Value last = value(key, node.path("range").path(1));
      return first == null || last == null ? null : Span.of(first, last);
    }
    if (isDevice(key) && node.isTextual()) {
      return Span.device(node.asText(), '*');
    }
    Value value = value(key, node);
    return value == null ? null : Span.of(value);
  }

  /** Returns one value; null when it is not understood. */
  static @Nullable Value value(Key key, JsonNode node) {
    if (node.isIntegralNumber()) {
      return Value.number(node.asText());
    }
    if (node.isArray() || node.has("|")) {
      return union(key, node.isArray() ? node : node.path("|"));
    }
    if (!node.isTextual()) {
      return null;
    }
    String text = node.asText();
    Field field = field(key);
    if (field == null) {
      // Of all bits that are picked out by number only code points have names.
      return Symbols.number(Field.CLASS4, text);
    }
    return switch (field) {
      case SOURCE4, DESTINATION4, SOURCE6, DESTINATION6, ARP_SOURCE, ARP_TARGET ->
          Value.address(text);
      case MAC_SOURCE, MAC_DESTINATION, ARP_MAC_SOURCE, ARP_MAC_TARGET -> Value.mac(text);
      case IN, OUT, PHYSICAL_IN, PHYSICAL_OUT, LOGICAL_IN, LOGICAL_OUT -> Value.of(text);
      default -> Symbols.number(field, text);
    };
  }

  private static @Nullable Value union(Key key, JsonNode nodes) {
    Value all = Value.of(0);
    for (JsonNode node : nodes) {
      Value one = value(key, node);
      if (one == null) {
        return null;
      }
      all = all.or(one);
    }
    return all;
  }

  private static boolean isDevice(Key key) {
    return switch (field(key)) {
      case IN, OUT, PHYSICAL_IN, PHYSICAL_OUT, LOGICAL_IN, LOGICAL_OUT -> true;
      case null, default -> false;
    };
  }

  private static int width(Key key) {
    return switch (field(key)) {
      case SOURCE4, DESTINATION4, ARP_SOURCE, ARP_TARGET -> 32;
      case SOURCE6, DESTINATION6 -> 128;
      case MAC_SOURCE, MAC_DESTINATION, ARP_MAC_SOURCE, ARP_MAC_TARGET -> 48;
      case null, default -> 32;
    };
  }

  private static @Nullable Field field(Key key) {
    return switch (key) {
      case Key.Of of -> of.field();
      case Key.Masked masked -> field(masked.key());
      case Key.Bits bits -> null;
    };
  }
}
