package dropsite.analyze.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A set of function names, some given by their beginning or end: {@code nft_do_chain*}, {@code
 * *_enqueue}.
 */
public final class NamePatterns {
  private final Set<String> whole = new HashSet<>();
  private final List<String> beginnings = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();

  /**
   * @param names function names, each with at most one {@code *}, at its end or its beginning
   */
  public NamePatterns(List<String> names) {
    for (String name : names) {
      if (name.endsWith("*")) {
        beginnings.add(name.substring(0, name.length() - 1));
      } else if (name.startsWith("*")) {
        ends.add(name.substring(1));
      } else {
        whole.add(name);
      }
    }
  }

  /** Returns whether a name is in the set. */
  public boolean matches(String name) {
    if (whole.contains(name)) {
      return true;
    }
    // Loops, since each event of a recording may be asked about by each rule.
    for (String beginning : beginnings) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    for (String end : ends) {
      if (name.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a name is in the set as a whole, not by beginning or end. */
  public boolean matchesWhole(String name) {
    return whole.contains(name);
  }
}
