package dropsite.analyze.classify;

import dropsite.analyze.classify.Way.Direction;
import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What functions say about the way that a packet is on.
 *
 * <p>Read from the place of the drop outwards. What lies below a softirq's beginning is the work of
 * whoever was interrupted and has nothing to do with the packet.
 */
final class WayTable {
  private final NamePatterns starts;
  private final NamePatterns begins;
  private final NamePatterns forward;
  private final NamePatterns transmit;
  private final NamePatterns receive;
  private final Map<String, NamePatterns> families;
  private final Map<String, NamePatterns> protocols;

  WayTable(RuleData data) {
    data.expectOnly(Set.of("direction", "families", "protocols"));
    RuleData direction = data.get("direction");
    direction.expectOnly(Set.of("starts", "begins", "forward", "transmit", "receive"));
    starts = patterns(direction.get("starts"));
    begins = patterns(direction.get("begins"));
    forward = patterns(direction.get("forward"));
    transmit = patterns(direction.get("transmit"));
    receive = patterns(direction.get("receive"));
    families = byName(data.get("families"));
    protocols = byName(data.get("protocols"));
  }

  private static NamePatterns patterns(RuleData data) {
    return new NamePatterns(data.texts());
  }

  private static Map<String, NamePatterns> byName(RuleData data) {
    Map<String, NamePatterns> result = new LinkedHashMap<>();
    data.names().forEach(name -> result.put(name, patterns(data.get(name))));
    return result;
  }

  /** Returns the way that a chain shows. */
  Way of(CallChain chain) {
    Direction direction = null;
    String family = null;
    String protocol = null;
    boolean sent = false;
    for (int i = chain.site(); i < chain.size(); i++) {
      String name = chain.get(i).name();
      if (name == null) {
        continue;
      }
      if (begins.matches(name)) {
        break;
      }
      family = family == null ? first(families, name) : family;
      protocol = protocol == null ? first(protocols, name) : protocol;
      if (sent || direction == Direction.RECEIVE || direction == Direction.FORWARD) {
        continue;
      }
      if (starts.matches(name)) {
        sent = true;
        direction = Direction.TRANSMIT;
      } else if (forward.matches(name)) {
        direction = Direction.FORWARD;
      } else if (direction == null && transmit.matches(name)) {
        direction = Direction.TRANSMIT;
      } else if (direction == null && receive.matches(name)) {
        direction = Direction.RECEIVE;
      }
    }
    return new Way(direction, family, protocol);
  }

  private static @Nullable String first(Map<String, NamePatterns> patterns, String name) {
    for (Map.Entry<String, NamePatterns> entry : patterns.entrySet()) {
      if (entry.getValue().matches(name)) {
        return entry.getKey();
      }
    }
    return null;
  }
}
