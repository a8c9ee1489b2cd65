package dropsite.analyze.firewall;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the output of {@code nft -j -a list ruleset}, as far as it goes. */
final class NftJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Tool tool;
  private final NftSets sets = new NftSets();
  private final Map<List<String>, Counter> counters = new HashMap<>();
  private final Map<List<String>, Chain> chains = new LinkedHashMap<>();
  private final Map<List<String>, List<FirewallRule>> rules = new HashMap<>();
  private final Set<List<String>> dormant = new HashSet<>();
  private boolean cut;

  private NftJson(Tool tool) {
    this.tool = tool;
  }

  /** Reads a text; one that breaks off is read to there. */
  static NftJson read(byte[] bytes, int length, Tool tool) {
    NftJson reader = new NftJson(tool);
    List<JsonNode> ruleNodes = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(bytes, 0, length)) {
      while (parser.nextToken() != null && parser.currentToken() != JsonToken.START_ARRAY) {
        // Up to the list of objects.
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        JsonNode node = JSON.readTree(parser);
        if (node.has("rule")) {
          ruleNodes.add(node.path("rule"));
        } else {
          reader.take(node);
        }
      }
      reader.cut = parser.currentToken() != JsonToken.END_ARRAY;
    } catch (IOException e) {
      reader.cut = true;
    }
    ruleNodes.forEach(reader::rule);
    return reader;
  }

  /** Returns whether the text broke off. */
  boolean cut() {
    return cut;
  }

  /** Returns the chains with their rules. */
  List<Chain> chains() {
    List<Chain> all = new ArrayList<>();
    chains.forEach((key, chain) -> all.add(chain.with(rules.getOrDefault(key, List.of()))));
    return all;
  }

  private void take(JsonNode node) {
    if (node.has("table")) {
      JsonNode table = node.path("table");
      // Some versions of nft print another word in the place of the flag.
      if (!flags(table.path("flags")).isEmpty()) {
        dormant.add(List.of(table.path("family").asText(), table.path("name").asText()));
      }
    } else if (node.has("chain")) {
      chain(node.path("chain"));
    } else if (node.has("set") || node.has("map")) {
      sets.add(node.has("set") ? node.path("set") : node.path("map"));
    } else if (node.has("counter")) {
      JsonNode counter = node.path("counter");
      counters.put(key(counter, counter.path("name").asText()), counter(counter));
    }
  }

  private static Set<String> flags(JsonNode flags) {
    Set<String> all = new HashSet<>();
    if (flags.isTextual()) {
      all.add(flags.asText());
    }
    flags.forEach(flag -> all.add(flag.asText()));
    all.remove("owner");
    all.remove("persist");
    return all;
  }

  private static List<String> key(JsonNode node, String name) {
    return List.of(node.path("family").asText(), node.path("table").asText(), name);
  }

  private static Counter counter(JsonNode node) {
    return new Counter(node.path("packets").asLong(), node.path("bytes").asLong());
  }

  private void chain(JsonNode node) {
    String name = node.path("name").asText();
    String hook = node.path("hook").asText();
    String family = node.path("family").asText();
    String table = node.path("table").asText();
    Set<String> devices = new HashSet<>();
    JsonNode device = node.path("dev");
    if (device.isTextual()) {
      devices.add(device.asText());
    }
    device.forEach(each -> devices.add(each.asText()));
    boolean onDevice = hook.equals("ingress") || hook.equals("egress");
    Verdict.Kind policy =
        hook.isEmpty()
            ? null
            : node.path("policy").asText().equals("drop") ? Verdict.Kind.DROP : Verdict.Kind.ACCEPT;
    chains.put(
        key(node, name),
        new Chain(
            tool,
            family,
            table,
            name,
            hook.isEmpty() ? null : hook,
            node.path("prio").asInt(),
            devices,
            dormant.contains(List.of(family, table)) || (onDevice && devices.isEmpty()),
            policy,
            null,
            List.of()));
  }

  private void rule(JsonNode node) {
    JsonNode statements = node.path("expr");
    NftConditions reader =
        new NftConditions(sets, node.path("family").asText(), node.path("table").asText());
    List<Condition> conditions = new ArrayList<>();
    List<FirewallRule.Branch> branches = new ArrayList<>();
    Counter counter = null;
    int before = -1;
    for (JsonNode statement : statements) {
      if (branches.isEmpty() && statement.has("counter")) {
        counter = counter(node, statement.path("counter"));
        before = counter == null ? before : conditions.size();
      } else if (branches.isEmpty()) {
        statement(node, statement, reader, conditions, branches);
      }
    }
    if (branches.isEmpty()) {
      branches.add(new FirewallRule.Branch(null, passing(statements)));
    }
    List<FirewallRule> all =
        rules.computeIfAbsent(key(node, node.path("chain").asText()), key -> new ArrayList<>());
    String handle = node.path("handle").asText();
    all.add(
        new FirewallRule(
            handle,
            all.size() + 1,
            handle,
            counter,
            (before >= 0 && before < conditions.size()) || branches.size() > 1,
            conditions,
            branches,
            () -> NftText.rule(statements)));
  }

  /** A rule that decides nothing; one that changes the mark is remembered for that. */
  private static Verdict passing(JsonNode statements) {
    for (JsonNode statement : statements) {
      String key = statement.path("mangle").path("key").path("meta").path("key").asText();
      if (key.equals("mark")) {
        return new Verdict(Verdict.Kind.CONTINUE, "MARK");
      }
    }
    return Verdict.of(Verdict.Kind.CONTINUE);
  }

  private @Nullable Counter counter(JsonNode rule, JsonNode counter) {
    return counter.isTextual()
        ? counters.get(key(rule, counter.asText()))
        : counter.isObject() ? counter(counter) : null;
  }

  private void statement(
      JsonNode rule,
      JsonNode statement,
      NftConditions reader,
      List<Condition> conditions,
      List<FirewallRule.Branch> branches) {
    String name = statement.isObject() && !statement.isEmpty() ? statement.fieldNames().next() : "";
    JsonNode value = statement.path(name);
    switch (name) {
      case "match" -> reader.match(value, conditions);
      case "vmap" -> map(rule, value, reader, conditions, branches);
      case "limit", "quota", "connlimit", "ct count" ->
          conditions.add(NftConditions.unknown(statement, NftText.statement(statement)));
      case "set" -> {
        // Adding to a set fails when it is full, and what is added may be limited.
        if (!value.path("op").asText().equals("delete")) {
          conditions.add(NftConditions.unknown(statement, NftText.statement(statement)));
        }
      }
      case "xt" -> xt(value, conditions, branches);
      case "drop", "accept", "return", "continue", "jump", "goto", "reject" ->
          branches.add(new FirewallRule.Branch(null, verdict(name, value)));
      case "queue" -> branches.add(branch(Verdict.Kind.QUEUE, name));
      case "masquerade", "snat", "dnat", "redirect", "fwd" ->
          branches.add(branch(Verdict.Kind.ACCEPT, name));
      case "synproxy", "tproxy" ->
          branches.add(branch(Verdict.Kind.UNSURE, name + " drops some packets"));
      default -> {} // log, notrack, mangle, dup, flow, meter and their like decide nothing.
    }
  }

  private static FirewallRule.Branch branch(Verdict.Kind kind, String word) {
    return new FirewallRule.Branch(null, new Verdict(kind, word));
  }

  private static Verdict verdict(String name, JsonNode value) {
    return switch (name) {
      case "drop", "reject" -> new Verdict(Verdict.Kind.DROP, name);
      case "accept" -> Verdict.of(Verdict.Kind.ACCEPT);
      case "return" -> Verdict.of(Verdict.Kind.RETURN);
      case "jump" -> new Verdict(Verdict.Kind.JUMP, value.path("target").asText());
      case "goto" -> new Verdict(Verdict.Kind.GOTO, value.path("target").asText());
      default -> Verdict.of(Verdict.Kind.CONTINUE);
    };
  }

  /** A match or target of xtables, of which nft prints nothing but the name. */
  private static void xt(
      JsonNode value, List<Condition> conditions, List<FirewallRule.Branch> branches) {
    String name = value.path("name").asText();
    if (value.path("type").asText().equals("match")) {
      if (!name.equals("comment")) {
        String words = "xt match \"" + name + "\"";
        conditions.add(
            new Condition.Unknown(words, "nft does not print what it asks for (" + words + ")"));
      }
      return;
    }
    Verdict verdict = IptablesOptions.target(name);
    branches.add(
        new FirewallRule.Branch(
            null,
            verdict.kind() == Verdict.Kind.JUMP
                ? new Verdict(Verdict.Kind.UNSURE, "what the target " + name + " does is not known")
                : verdict));
  }

  private void map(
      JsonNode rule,
      JsonNode vmap,
      NftConditions reader,
      List<Condition> conditions,
      List<FirewallRule.Branch> branches) {
    JsonNode key = vmap.path("key");
    List<Key> keys = reader.keys(key, conditions);
    JsonNode data = vmap.path("data");
    Iterable<JsonNode> elements = data.path("set");
    if (data.isTextual()) {
      JsonNode named = sets.elements(key(rule, data.asText().replaceFirst("^@", "")));
      if (named == null) {
        branches.add(
            branch(Verdict.Kind.UNSURE, "the map " + data.asText() + " is not in the snapshot"));
        return;
      }
      elements = named;
    }
    for (JsonNode element : elements) {
      JsonNode verdict = element.path(1);
      String name = verdict.isObject() && !verdict.isEmpty() ? verdict.fieldNames().next() : "";
      branches.add(
          new FirewallRule.Branch(
              reader.element(keys, key, element.path(0)), verdict(name, verdict.path(name))));
    }
    // What is in no element goes on to the next rule.
    branches.add(branch(Verdict.Kind.CONTINUE, ""));
  }
}
