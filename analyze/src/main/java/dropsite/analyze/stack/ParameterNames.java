package dropsite.analyze.stack;

import dropsite.analyze.rules.RuleData;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names for constant arguments that are plain integers in the source. */
final class ParameterNames {
  private final List<Entry> entries;

  private ParameterNames(List<Entry> entries) {
    this.entries = entries;
  }

  /** Reads the rule data that we ship. */
  static ParameterNames shipped() {
    return of(RuleData.resource(ParameterNames.class, "parameters.yaml"));
  }

  static ParameterNames of(RuleData data) {
    List<Entry> entries = new ArrayList<>();
    for (RuleData item : data.items()) {
      item.expectOnly(Set.of("functions", "parameter", "only", "unless", "enum", "values"));
      Map<Long, String> values = new HashMap<>();
      RuleData names = item.get("values");
      for (String number : names.names()) {
        values.put(Long.parseLong(number), names.get(number).text());
      }
      entries.add(
          new Entry(
              Set.copyOf(item.get("functions").texts()),
              item.get("parameter").text(),
              Condition.of(item.get("only")),
              Condition.of(item.get("unless")),
              item.get("enum").optionalText().orElse(null),
              Map.copyOf(values)));
    }
    return new ParameterNames(List.copyOf(entries));
  }

  /**
   * Returns the arguments of one call with the names of their values. Those that the rule data
   * knows come first, in its order: compilers give parameters in an order of their own.
   *
   * @param function that was called; null when not known
   * @param symbols whose enums to ask first
   */
  List<Argument> name(
      @Nullable String function, List<ConstantArgument> constants, DebugSymbols symbols) {
    List<Argument> arguments = new ArrayList<>();
    for (ConstantArgument constant : constants) {
      String enumerator = constant.enumerator();
      if (enumerator == null && function != null) {
        enumerator = nameOf(function, constant, constants, symbols);
      }
      arguments.add(new Argument(constant.name(), constant.value(), enumerator));
    }
    if (function != null && arguments.size() > 1) {
      arguments.sort(Comparator.comparingInt(argument -> orderOf(function, argument.name())));
    }
    return arguments;
  }

  private int orderOf(String function, String parameter) {
    int order = 0;
    while (order < entries.size() && !entries.get(order).isOf(function, parameter)) {
      order++;
    }
    return order;
  }

  private @Nullable String nameOf(
      String function,
      ConstantArgument constant,
      List<ConstantArgument> all,
      DebugSymbols symbols) {
    for (Entry entry : entries) {
      if (entry.appliesTo(function, constant.name(), all)) {
        String name = entry.nameOf(constant.value(), symbols);
        if (name != null) {
          return name;
        }
      }
    }
    return null;
  }

  /** What one parameter of some functions means. */
  private record Entry(
      Set<String> functions,
      String parameter,
      @Nullable Condition only,
      @Nullable Condition unless,
      @Nullable String enumName,
      Map<Long, String> values) {

    boolean isOf(String function, String name) {
      return parameter.equals(name) && functions.contains(function);
    }

    boolean appliesTo(String function, String name, List<ConstantArgument> all) {
      return isOf(function, name)
          && (only == null || only.holds(all))
          && (unless == null || !unless.holds(all));
    }

    @Nullable String nameOf(long value, DebugSymbols symbols) {
      if (enumName != null) {
        for (Map.Entry<String, Long> enumerator : symbols.enumerators(enumName).entrySet()) {
          if (enumerator.getValue() == value) {
            return enumerator.getKey();
          }
        }
      }
      return values.get(value);
    }
  }

  /** Whether another argument of the same call has one of some values. */
  private record Condition(String parameter, Set<Long> values) {

    static @Nullable Condition of(RuleData data) {
      if (!data.present()) {
        return null;
      }
      data.expectOnly(Set.of("parameter", "values"));
      Set<Long> values = new HashSet<>();
      data.get("values").items().forEach(value -> values.add((long) value.number()));
      return new Condition(data.get("parameter").text(), Set.copyOf(values));
    }

    boolean holds(List<ConstantArgument> arguments) {
      return arguments.stream()
          .anyMatch(
              argument -> argument.name().equals(parameter) && values.contains(argument.value()));
    }
  }
}
