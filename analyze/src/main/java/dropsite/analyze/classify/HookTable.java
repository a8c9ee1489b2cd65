package dropsite.analyze.classify;

import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the rule data knows of netfilter: hook machinery, hook owners, families and hooks. */
final class HookTable {
  private final NamePatterns machinery;
  private final NamePatterns verdictReasons;
  private final NamePatterns silentReasons;
  private final Map<String, Family> families = new HashMap<>();
  private final Map<String, Owner> owners = new HashMap<>();
  private final String explanation;
  private final List<String> causes;
  private final List<String> links;

  private HookTable(RuleData data) {
    data.expectOnly(
        Set.of(
            "machinery",
            "verdictReasons",
            "silentReasons",
            "explanation",
            "causes",
            "links",
            "hooks",
            "families",
            "owners"));
    machinery = new NamePatterns(data.get("machinery").texts());
    verdictReasons = new NamePatterns(data.get("verdictReasons").texts());
    silentReasons = new NamePatterns(data.get("silentReasons").texts());
    explanation = data.get("explanation").text();
    causes = List.copyOf(data.get("causes").texts());
    links = List.copyOf(data.get("links").texts());
    RuleData hooks = data.get("hooks");
    RuleData familyData = data.get("families");
    for (String id : familyData.names()) {
      families.put(id, Family.of(id, familyData.get(id), hooks));
    }
    for (RuleData item : data.get("owners").items()) {
      item.expectOnly(Set.of("functions", "family", "hook", "freesOnlyForHook"));
      RuleData family = item.get("family");
      if (family.present() && !families.containsKey(family.text())) {
        throw family.malformed("no such family");
      }
      Owner owner =
          new Owner(
              family.present() ? families.get(family.text()) : null,
              item.get("hook").optionalText().orElse(null),
              item.get("freesOnlyForHook").isTrue());
      item.get("functions").texts().forEach(function -> owners.put(function, owner));
    }
  }

  static HookTable of(RuleData data) {
    return new HookTable(data);
  }

  /** Returns whether a function only carries packets between a hook's owner and its rules. */
  boolean isMachinery(@Nullable String function) {
    return function != null && machinery.matches(function);
  }

  /** Returns whether the kernel gives a reason when a hook's verdict is to drop. */
  boolean isVerdict(@Nullable String reason) {
    return reason != null && verdictReasons.matches(reason);
  }

  /** Returns whether a reason says something else than a hook's verdict to drop. */
  boolean contradicts(@Nullable String reason) {
    return reason != null && !isVerdict(reason) && !silentReasons.matches(reason);
  }

  @Nullable Owner owner(@Nullable String function) {
    return function == null ? null : owners.get(function);
  }

  /** Returns the family that the kernel calls by a number, or null. */
  @Nullable Family familyOf(long protocolFamily) {
    for (Family family : families.values()) {
      if (family.protocolFamily() == protocolFamily) {
        return family;
      }
    }
    return null;
  }

  String explanation() {
    return explanation;
  }

  /** Returns what may be behind a verdict to drop, the likeliest first. */
  List<String> causes() {
    return causes;
  }

  List<String> links() {
    return links;
  }

  /**
   * A function that hands packets to a hook.
   *
   * @param family null when only the arguments of the call tell
   * @param hook id of the hook; null when only the arguments of the call tell
   * @param freesOnlyForHook whether the function itself frees no packet for any other reason
   */
  record Owner(@Nullable Family family, @Nullable String hook, boolean freesOnlyForHook) {}

  /**
   * A protocol family's hooks.
   *
   * @param protocolFamily the kernel's number of it; -1 when the number is another family's
   */
  record Family(
      String id, String title, int protocolFamily, List<Hook> hooks, List<HookStep> next) {

    static Family of(String id, RuleData data, RuleData allHooks) {
      data.expectOnly(Set.of("title", "pf", "hooks", "next"));
      List<Hook> hooks = new ArrayList<>();
      for (RuleData hook : allHooks.get(data.get("hooks").text()).items()) {
        hook.expectOnly(Set.of("number", "id", "name", "chain"));
        hooks.add(
            new Hook(
                hook.get("number").number(),
                hook.get("id").text(),
                hook.get("name").text(),
                hook.get("chain").text()));
      }
      List<HookStep> next = new ArrayList<>();
      for (RuleData step : data.get("next").items()) {
        step.expectOnly(Set.of("run", "why", "hooks"));
        next.add(
            new HookStep(
                step.get("run").text(),
                step.get("why").text(),
                Set.copyOf(step.get("hooks").texts())));
      }
      RuleData pf = data.get("pf");
      return new Family(
          id,
          data.get("title").text(),
          pf.present() ? pf.number() : -1,
          List.copyOf(hooks),
          List.copyOf(next));
    }

    @Nullable Hook hook(@Nullable String hookId) {
      return hooks.stream().filter(hook -> hook.id().equals(hookId)).findFirst().orElse(null);
    }

    @Nullable Hook hook(long number) {
      return hooks.stream().filter(hook -> hook.number() == number).findFirst().orElse(null);
    }
  }

  /** One hook of a family: the kernel's number and name, and what people call its chain. */
  record Hook(int number, String id, String name, String chain) {}

  /**
   * A command to run next.
   *
   * @param hooks for which it is of use; empty for all
   */
  record HookStep(String run, String why, Set<String> hooks) {}
}
