package dropsite.analyze.network;

import dropsite.analyze.network.PolicyRule.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a network namespace routes: its policy rules and tables, asked as the kernel asks them. */
final class Routing {
  private static final int MOST_DOUBTS = 4;

  /** Each is asked for each packet. */
  private static final int MOST_RULES = 1 << 12;

  private final List<PolicyRule> rules;
  private final Map<String, RouteTable> tables;
  private final List<String> doubts;

  private Routing(List<PolicyRule> rules, Map<String, RouteTable> tables, List<String> doubts) {
    this.rules = rules;
    this.tables = tables;
    this.doubts = doubts;
  }

  /**
   * Reads what {@code ip -j rule} and {@code ip -j route show table all} printed.
   *
   * @param ruleText null when not recorded: then the rules are taken to be those of a fresh kernel
   */
  static Routing of(byte @Nullable [] ruleText, byte[] routeText, boolean ipv6) {
    List<String> doubts = new ArrayList<>();
    List<PolicyRule> rules = new ArrayList<>();
    if (ruleText == null) {
      doubts.add("policy rules were not recorded: the usual ones are assumed");
      rules.addAll(usual(ipv6));
    } else if (!JsonList.read(ruleText, item -> rules.add(new PolicyRule(item, ipv6)))
        || rules.size() > MOST_RULES) {
      doubts.add("the recorded list of policy rules is not whole, or too long");
    }
    rules.sort(Comparator.comparingLong(PolicyRule::priority));
    rules.subList(Math.min(rules.size(), MOST_RULES), rules.size()).clear();
    Map<String, RouteTable> tables = new HashMap<>();
    boolean whole =
        JsonList.read(
            routeText,
            item -> {
              Route route = Route.of(item, ipv6);
              if (route != null) {
                tables.computeIfAbsent(route.table(), name -> new RouteTable()).add(route);
              }
            });
    if (!whole) {
      doubts.add("the recorded list of routes is not whole");
    }
    return new Routing(List.copyOf(rules), tables, List.copyOf(doubts));
  }

  private static List<PolicyRule> usual(boolean ipv6) {
    return List.of(usual("0", "local", ipv6), usual("32766", Route.MAIN, ipv6));
  }

  private static PolicyRule usual(String priority, String table, boolean ipv6) {
    return new PolicyRule(
        new Json(Map.of("priority", priority, "src", "all", "table", table)), ipv6);
  }

  /**
   * What routing says about a packet.
   *
   * @param rule the last one that was asked; null when none was
   * @param route null when there is none
   * @param refused whether the rule itself refuses
   * @param tables that were asked, in order
   * @param doubts why it may be otherwise
   */
  record Answer(
      @Nullable PolicyRule rule,
      @Nullable Route route,
      boolean refused,
      List<String> tables,
      List<String> doubts) {

    /** Returns whether neither a rule nor a route says anything about the packet. */
    boolean none() {
      return route == null && !refused;
    }
  }

  /**
   * Looks a packet up.
   *
   * @param inVrf whether the packet's device is, or may be, in a VRF
   * @param overDownLinks whether ways over links that are down count
   */
  Answer lookup(Flow flow, boolean inVrf, boolean overDownLinks) {
    Set<String> asked = new LinkedHashSet<>();
    List<String> unsure = new ArrayList<>(doubts);
    long skipTo = -1;
    for (PolicyRule rule : rules) {
      if (rule.priority() < skipTo) {
        continue;
      }
      if (rule.asksVrf()) {
        if (inVrf) {
          doubt(unsure, "the packet's device has a master: if that is a VRF, its table decides");
        }
        continue;
      }
      Match match = rule.match(flow);
      if (match == Match.UNKNOWN) {
        doubt(unsure, "it was not recorded whether this rule is for the packet: " + rule.text());
      }
      if (match != Match.YES) {
        continue;
      }
      if (!rule.refusal().isEmpty()) {
        return new Answer(rule, null, true, List.copyOf(asked), List.copyOf(unsure));
      }
      skipTo = Math.max(skipTo, rule.goesTo());
      Route route = rule.leadsToTable() ? ask(rule, flow, asked, overDownLinks) : null;
      if (route != null) {
        return new Answer(rule, route, false, List.copyOf(asked), List.copyOf(unsure));
      }
    }
    return new Answer(null, null, false, List.copyOf(asked), List.copyOf(unsure));
  }

  private @Nullable Route ask(
      PolicyRule rule, Flow flow, Set<String> asked, boolean overDownLinks) {
    asked.add(rule.table());
    RouteTable table = tables.get(rule.table());
    Route route = table == null ? null : table.lookup(flow, overDownLinks);
    return route == null || route.type().equals(Route.THROW) || rule.suppresses(route)
        ? null
        : route;
  }

  private static void doubt(List<String> doubts, String why) {
    if (doubts.size() < MOST_DOUBTS) {
      doubts.add(why);
    }
  }
}
