package dropsite.analyze.classify;

import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of the kernel's drop reasons: which say nothing, and where each is given. */
final class ReasonBook {
  private final NamePatterns silent;
  private final List<Home> homes = new ArrayList<>();

  /**
   * Where reasons are given.
   *
   * @param functions of which one stands on every stack with such a reason
   * @param inWords what those functions are
   */
  private record Home(NamePatterns reasons, NamePatterns functions, String inWords) {}

  ReasonBook(RuleData data) {
    data.expectOnly(Set.of("silent", "given"));
    silent = new NamePatterns(data.get("silent").texts());
    for (RuleData item : data.get("given").items()) {
      item.expectOnly(Set.of("reasons", "within", "functions"));
      homes.add(
          new Home(
              new NamePatterns(item.get("reasons").texts()),
              new NamePatterns(item.get("functions").texts()),
              item.get("within").text()));
    }
  }

  /** Returns whether a reason says no more than that the packet was dropped. */
  boolean isSilent(String reason) {
    return silent.matches(reason);
  }

  /**
   * Returns a sentence when a reason cannot come from a stack: it is given within functions of
   * which none is there. Null when it can, and when the stack is too poor to tell.
   */
  @Nullable String contradiction(String reason, CallChain chain) {
    if (!chain.hasSite() || chain.get(chain.site()).name() == null) {
      return null;
    }
    Home home = null;
    for (Home each : homes) {
      if (each.reasons().matches(reason)) {
        home = each;
        break;
      }
    }
    if (home == null) {
      return null;
    }
    for (int i = chain.site(); i < chain.size(); i++) {
      String name = chain.get(i).name();
      if (name == null || home.functions().matches(name)) {
        return null;
      }
    }
    return reason + " is given only within " + home.inWords() + ", which the stack does not show";
  }
}
