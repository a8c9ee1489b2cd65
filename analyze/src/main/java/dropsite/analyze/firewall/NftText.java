package dropsite.analyze.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes what nft says in JSON the way nft writes rules. */
final class NftText {
  /** Elements of an anonymous set that are written out. */
  private static final int MOST_ELEMENTS = 50;

  private static final int MOST_DEPTH = 30;

  /** Keys that nft writes without the word meta. */
  private static final Set<String> BARE =
      Set.of("iif", "oif", "iifname", "oifname", "iiftype", "oiftype", "iifgroup", "oifgroup");

  private NftText() {}

  /** Writes the statements of a rule. */
  static String rule(JsonNode statements) {
    List<String> words = new ArrayList<>();
    statements.forEach(statement -> words.add(statement(statement)));
    return String.join(" ", words);
  }

  /** Writes one statement. */
  static String statement(JsonNode statement) {
    if (statement.size() != 1) {
      return statement.isTextual() ? statement.asText() : statement.toString();
    }
    Map.Entry<String, JsonNode> only = statement.properties().iterator().next();
    JsonNode value = only.getValue();
    return switch (only.getKey()) {
      case "match" -> match(value);
      case "vmap" -> expression(value.path("key")) + " vmap " + expression(value.path("data"));
      case "counter" -> value.isTextual() ? "counter name \"" + value.asText() + "\"" : "counter";
      case "jump", "goto" -> only.getKey() + " " + value.path("target").asText();
      case "drop", "accept", "return", "continue", "notrack" -> only.getKey();
      case "mangle" -> expression(value.path("key")) + " set " + expression(value.path("value"));
      case "reject" -> reject(value);
      case "log" ->
          value.has("prefix") ? "log prefix \"" + value.path("prefix").asText() + "\"" : "log";
      case "limit" -> limit(value);
      case "xt" -> "xt " + value.path("type").asText() + " " + quoted(value.path("name").asText());
      case "set" ->
          value.path("op").asText()
              + " "
              + value.path("set").asText()
              + " { "
              + expression(value.path("elem"))
              + (value.path("stmt").isEmpty() ? "" : " " + rule(value.path("stmt")))
              + " }";
      default -> value.isNull() ? only.getKey() : only.getKey() + " " + generic(value);
    };
  }

  /** Writes a condition. */
  static String match(JsonNode match) {
    String op = match.path("op").asText();
    JsonNode left = match.path("left");
    String between = op.equals("==") || op.equals("in") ? " " : " " + op + " ";
    if (between.equals(" ") && left.has("&")) {
      between = " == ";
    }
    JsonNode right = match.path("right");
    boolean device = expression(left).endsWith("name");
    return expression(left)
        + between
        + (right.isTextual() && device ? quoted(right.asText()) : expression(right));
  }

  private static String reject(JsonNode value) {
    if (!value.isObject() || !value.has("type")) {
      return "reject";
    }
    String how = value.path("expr").asText();
    return "reject with " + value.path("type").asText() + (how.isEmpty() ? "" : " " + how);
  }

  private static String limit(JsonNode value) {
    if (value.isTextual()) {
      return "limit name " + quoted(value.asText());
    }
    return "limit rate "
        + (value.path("inv").asBoolean() ? "over " : "")
        + value.path("rate").asText()
        + (value.has("rate_unit") ? " " + value.path("rate_unit").asText() : "")
        + "/"
        + value.path("per").asText();
  }

  /** Writes an expression. */
  static String expression(JsonNode node) {
    return expression(node, 0);
  }

  private static String expression(JsonNode node, int depth) {
    if (depth > MOST_DEPTH) {
      return "…";
    }
    if (node.isBoolean()) {
      return node.asBoolean() ? "exists" : "missing";
    }
    if (node.isArray()) {
      return list(node, ",", depth);
    }
    if (!node.isObject() || node.isEmpty()) {
      return node.asText();
    }
    Map.Entry<String, JsonNode> first = node.properties().iterator().next();
    JsonNode value = first.getValue();
    return switch (first.getKey()) {
      case "payload" ->
          value.has("base")
              ? "@"
                  + value.path("base").asText()
                  + ","
                  + value.path("offset").asText()
                  + ","
                  + value.path("len").asText()
              : value.path("protocol").asText() + " " + value.path("field").asText();
      case "meta" -> {
        String key = value.path("key").asText();
        yield BARE.contains(key) ? key : "meta " + key;
      }
      case "ct" ->
          "ct "
              + (value.has("dir") ? value.path("dir").asText() + " " : "")
              + value.path("key").asText();
      case "fib" ->
          "fib " + list(value.path("flags"), " . ", depth) + " " + value.path("result").asText();
      case "prefix" -> expression(value.path("addr"), depth + 1) + "/" + value.path("len").asText();
      case "range" -> list(value, "-", depth);
      case "concat" -> list(value, " . ", depth);
      case "set" ->
          "{ " + (value.isArray() ? list(value, ", ", depth) : expression(value, depth + 1)) + " }";
      case "elem" -> expression(value.path("val"), depth + 1);
      case "map" ->
          expression(value.path("key"), depth + 1)
              + " map "
              + expression(value.path("data"), depth + 1);
      case "&", "|", "^", "<<", ">>" -> list(value, " " + first.getKey() + " ", depth);
      case "jump", "goto", "drop", "accept", "return", "continue" -> statement(node);
      case "rt", "socket" -> first.getKey() + " " + value.path("key").asText();
      case "exthdr", "tcp option" ->
          first.getKey()
              + " "
              + value.path("name").asText()
              + (value.has("field") ? " " + value.path("field").asText() : "");
      default -> first.getKey() + " " + generic(value);
    };
  }

  private static String list(JsonNode array, String separator, int depth) {
    List<String> parts = new ArrayList<>();
    for (JsonNode each : array) {
      if (parts.size() == MOST_ELEMENTS) {
        parts.add("… " + (array.size() - MOST_ELEMENTS) + " more");
        break;
      }
      boolean pair = each.isArray() && each.size() == 2 && each.get(1).isObject();
      parts.add(
          pair
              ? expression(each.get(0), depth + 1) + " : " + expression(each.get(1), depth + 1)
              : expression(each, depth + 1));
    }
    return String.join(separator, parts);
  }

  private static String generic(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
