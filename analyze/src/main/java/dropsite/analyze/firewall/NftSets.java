package dropsite.analyze.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The named sets and maps of nft's tables. */
final class NftSets {
  private final Map<List<String>, JsonNode> nodes = new HashMap<>();
  private final Map<List<Object>, ElementSet> compiled = new HashMap<>();

  /** Takes a set or a map. */
  void add(JsonNode set) {
    nodes.put(
        identity(
            set.path("family").asText(), set.path("table").asText(), set.path("name").asText()),
        set);
  }

  private static List<String> identity(String family, String table, String name) {
    return List.of(family, table, name);
  }

  /** Returns the elements of a map, each a pair; null when there is none of that name. */
  @Nullable JsonNode elements(List<String> identity) {
    JsonNode map = nodes.get(identity);
    return map == null ? null : map.path("elem");
  }

  private static boolean isChanging(JsonNode set) {
    boolean dynamic = set.has("timeout");
    for (JsonNode flag : set.path("flags")) {
      dynamic |= flag.asText().equals("dynamic") || flag.asText().equals("timeout");
    }
    return dynamic;
  }

  /** Returns the condition that a packet is in a set; null when its elements are not understood. */
  @Nullable Condition condition(
      String family, String table, String name, List<Key> keys, boolean negated, String words) {
    JsonNode set = nodes.get(identity(family, table, name));
    if (set == null) {
      return new Condition.Unknown(
          words, "the set " + name + " is not in the snapshot (" + words + ")");
    }
    // Thousands of rules may ask one large set.
    List<Object> use = List.of(identity(family, table, name), keys);
    ElementSet elements = compiled.get(use);
    if (elements == null) {
      List<List<Span>> all = new ArrayList<>();
      for (JsonNode node : set.path("elem")) {
        List<Span> element = NftValues.tuple(keys, node);
        if (element == null) {
          return null;
        }
        all.add(element);
      }
      elements = new ElementSet(all);
      compiled.put(use, elements);
    }
    return new Condition.In(keys, elements, negated, isChanging(set), words);
  }
}
