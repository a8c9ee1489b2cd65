package dropsite.analyze.classify;

import dropsite.analyze.rules.RuleData;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of a rule that must all hold together; a rule may have several such cases.
 *
 * @param conditions as the rule writes them
 * @param ofStack those that hold for all events of one stack and reason, or for none
 * @param ofPacket the others
 */
record Case(List<Condition> conditions, List<Condition> ofStack, List<Condition> ofPacket) {
  private static final Set<String> KNOWN =
      Set.of(
          "reason",
          "subsystem",
          "site",
          "below",
          "chain",
          "arguments",
          "hookOwner",
          "module",
          "source",
          "family",
          "protocol",
          "direction",
          "packet");

  /** Copies the lists. */
  Case {
    conditions = List.copyOf(conditions);
    ofStack = List.copyOf(ofStack);
    ofPacket = List.copyOf(ofPacket);
  }

  private static Case of(List<Condition> conditions) {
    return new Case(
        conditions,
        conditions.stream().filter(condition -> !condition.ofPacket()).toList(),
        conditions.stream().filter(Condition::ofPacket).toList());
  }

  /** Reads the cases of a rule: a map, or a list of maps. */
  static List<Case> all(RuleData when, RuleData rule) {
    List<RuleData> items = when.isList() ? when.items() : List.of(when);
    List<Case> cases = new ArrayList<>();
    for (RuleData item : items) {
      if (!item.present() || item.names().isEmpty()) {
        throw rule.malformed("a rule needs conditions");
      }
      cases.add(of(item));
    }
    if (cases.isEmpty()) {
      throw rule.malformed("a rule needs conditions");
    }
    return List.copyOf(cases);
  }

  private static Case of(RuleData when) {
    when.expectOnly(KNOWN);
    List<Condition> conditions = new ArrayList<>();
    for (String key : when.names()) {
      RuleData value = when.get(key);
      switch (key) {
        case "reason" -> conditions.add(new Condition.OfReason(names(value)));
        case "subsystem" -> conditions.add(new Condition.OfSubsystem(names(value)));
        case "site" -> conditions.add(new PlaceCondition.AtSite(names(value)));
        case "below" -> conditions.add(new PlaceCondition.Below(names(value)));
        case "chain" ->
            conditions.add(
                new PlaceCondition.InOrder(value.items().stream().map(Case::names).toList()));
        case "arguments" -> addArguments(value, conditions);
        case "hookOwner" -> conditions.add(new PlaceCondition.OwnedBy(names(value)));
        case "module" -> conditions.add(new PlaceCondition.InModule(names(value)));
        case "source" -> conditions.add(new PlaceCondition.InFolder(value.texts()));
        case "family" -> conditions.add(new Condition.Says(Condition.Topic.FAMILY, names(value)));
        case "protocol" ->
            conditions.add(new Condition.Says(Condition.Topic.PROTOCOL, names(value)));
        case "direction" ->
            conditions.add(new Condition.Says(Condition.Topic.DIRECTION, directions(value)));
        default -> {
          for (String field : value.names()) {
            RuleData wanted = value.get(field);
            PacketField known = PacketField.of(field, wanted);
            conditions.add(new Condition.WithField(known, known.wanted(wanted)));
          }
        }
      }
    }
    return of(conditions);
  }

  private static Names names(RuleData data) {
    List<String> texts = data.texts();
    if (texts.isEmpty()) {
      throw data.malformed("expected at least one name");
    }
    return Names.of(texts);
  }

  private static Names directions(RuleData data) {
    for (String text : data.texts()) {
      boolean known = false;
      for (Way.Direction direction : Way.Direction.values()) {
        known |= direction.word().equals(text);
      }
      if (!known) {
        throw data.malformed("expected receive, transmit or forward");
      }
    }
    return names(data);
  }

  private static void addArguments(RuleData data, List<Condition> conditions) {
    for (String name : data.names()) {
      int dot = name.indexOf('.');
      if (dot <= 0 || dot == name.length() - 1) {
        throw data.malformed("expected function.parameter, found \"" + name + "\"");
      }
      conditions.add(
          new PlaceCondition.WithArgument(
              name.substring(0, dot), name.substring(dot + 1), data.get(name).text()));
    }
  }

  /**
   * Returns how specific conditions are where all of them hold; {@link Condition#NO} where not, and
   * where there are none.
   */
  static int fit(List<Condition> conditions, Drop drop, Packet packet) {
    int sum = 0;
    for (Condition condition : conditions) {
      int fit = condition.fit(drop, packet);
      if (fit == Condition.NO) {
        return Condition.NO;
      }
      sum += fit;
    }
    return sum;
  }

  /** Returns the first condition that does not hold, or null. */
  @Nullable Condition failing(Drop drop, Packet packet) {
    for (Condition condition : conditions) {
      if (condition.fit(drop, packet) == Condition.NO) {
        return condition;
      }
    }
    return null;
  }

  /** Returns whether a hook's verdict is what the case asks for. */
  boolean asksForHook() {
    for (Condition condition : ofStack) {
      if (condition instanceof PlaceCondition.OwnedBy) {
        return true;
      }
    }
    return false;
  }

  /** Returns the conditions as the rule writes them. */
  String inWords() {
    return String.join("; ", conditions.stream().map(Condition::inWords).toList());
  }
}
