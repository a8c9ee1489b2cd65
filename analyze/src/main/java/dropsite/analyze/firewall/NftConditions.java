package dropsite.analyze.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions of nft's rules. */
final class NftConditions {
  private final NftSets sets;
  private final String family;
  private final String table;

  NftConditions(NftSets sets, String family, String table) {
    this.sets = sets;
    this.family = family;
    this.table = table;
  }

  /** Adds what a match asks for. */
  void match(JsonNode match, List<Condition> conditions) {
    String words = NftText.match(match);
    JsonNode left = match.path("left");
    JsonNode right = match.path("right");
    String op = match.path("op").asText();
    List<Key> keys = keys(left, conditions);
    Condition condition = null;
    if (keys != null && right.isTextual() && right.asText().startsWith("@")) {
      condition = lookup(keys, right.asText().substring(1), op.equals("!="), words);
    } else if (keys != null && keys.size() == 1) {
      condition = compare(keys.getFirst(), op, right, words);
    } else if (keys != null) {
      condition = inAnonymous(keys, right, op.equals("!="), words);
    }
    conditions.add(condition != null ? condition : unknown(left, words));
  }

  /** Returns where the values of a key stand, and adds what they need; null when not understood. */
  @Nullable List<Key> keys(JsonNode node, List<Condition> conditions) {
    List<JsonNode> parts = new ArrayList<>();
    if (node.path("concat").isArray()) {
      node.path("concat").forEach(parts::add);
    } else {
      parts.add(node);
    }
    List<Key> keys = new ArrayList<>();
    for (JsonNode part : parts) {
      Key key = NftKeys.key(part);
      if (key == null) {
        return null;
      }
      JsonNode inner = part.path("&").size() == 2 ? part.path("&").get(0) : part;
      Condition unsaid = NftKeys.unsaid(inner);
      if (unsaid != null
          && conditions.stream().noneMatch(met -> met.words().equals(unsaid.words()))) {
        conditions.add(unsaid);
      }
      keys.add(key);
    }
    return keys;
  }

  private static @Nullable Condition compare(Key key, String op, JsonNode right, String words) {
    if (op.equals("in")) {
      return flags(key, right, words);
    }
    List<Span> spans = NftValues.spans(key, right);
    if (spans == null || spans.isEmpty()) {
      return null;
    }
    return switch (op) {
      case "==" -> Condition.in(key, spans, false, words);
      case "!=" -> Condition.in(key, spans, true, words);
      case "<", ">=" -> below(key, spans.getFirst().first(), op.equals(">="), words);
      case ">", "<=" ->
          Condition.in(
              key, List.of(Span.of(Value.of(0), spans.getFirst().first())), op.equals(">"), words);
      default -> null;
    };
  }

  private static Condition below(Key key, Value limit, boolean negated, String words) {
    boolean nothing = limit.high() == 0 && limit.low() == 0;
    Value last =
        new Value(limit.low() == 0 ? limit.high() - 1 : limit.high(), limit.low() - 1, null);
    return Condition.in(
        key, nothing ? List.of() : List.of(Span.of(Value.of(0), last)), negated, words);
  }

  /** One of some bits is set. */
  private static @Nullable Condition flags(Key key, JsonNode right, String words) {
    Value bits = NftValues.value(key, right);
    return bits == null
        ? null
        : Condition.in(new Key.Masked(key, bits), List.of(Span.of(Value.of(0))), true, words);
  }

  private static @Nullable Condition inAnonymous(
      List<Key> keys, JsonNode right, boolean negated, String words) {
    List<List<Span>> elements = new ArrayList<>();
    JsonNode all = right.path("set");
    if (!all.isArray()) {
      List<Span> one = NftValues.tuple(keys, right);
      return one == null
          ? null
          : new Condition.In(keys, new ElementSet(List.of(one)), negated, false, words);
    }
    for (JsonNode each : all) {
      List<Span> element = NftValues.tuple(keys, each);
      if (element == null) {
        return null;
      }
      elements.add(element);
    }
    return new Condition.In(keys, new ElementSet(elements), negated, false, words);
  }

  private @Nullable Condition lookup(List<Key> keys, String set, boolean negated, String words) {
    return sets.condition(family, table, set, keys, negated, words);
  }

  /** Returns the condition that a key is one element of a verdict map. */
  Condition element(@Nullable List<Key> keys, JsonNode key, JsonNode element) {
    String words = NftText.expression(key) + " " + NftText.expression(element);
    List<Span> spans = keys == null ? null : NftValues.tuple(keys, element);
    if (keys == null || spans == null) {
      return unknown(key, words);
    }
    return new Condition.In(keys, new ElementSet(List.of(spans)), false, false, words);
  }

  /** Returns a condition of which nothing is known but its words. */
  static Condition unknown(JsonNode left, String words) {
    String name = left.isObject() && !left.isEmpty() ? left.fieldNames().next() : "";
    if (name.equals("meta")) {
      String key = left.path("meta").path("key").asText();
      name =
          switch (key) {
            case "skuid", "skgid", "cgroup" -> "owner";
            case "time", "day", "hour" -> "time";
            case "random" -> "random";
            default -> "meta " + key;
          };
    }
    return new Condition.Unknown(words, Unevaluated.because(name) + " (" + words + ")");
  }
}
