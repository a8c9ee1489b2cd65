package dropsite.analyze.classify;

import dropsite.analyze.rules.NamePatterns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names to match, kept with how they are written. */
record Names(List<String> written, NamePatterns patterns) {
  private static final int MOST_LOST = 9;

  static Names of(List<String> written) {
    return new Names(List.copyOf(written), new NamePatterns(written));
  }

  /** Returns the weight of a whole name, that of a pattern, or {@link Condition#NO}. */
  int fit(@Nullable String name, int whole, int pattern) {
    if (name == null || !patterns.matches(name)) {
      return Condition.NO;
    }
    return patterns.matchesWhole(name) ? whole : pattern;
  }

  String inWords(String key) {
    return key + ": " + String.join(" or ", written);
  }

  /** Returns whether some call matches. */
  boolean anyOf(List<Call> calls) {
    return firstOf(calls) != null;
  }

  /** Returns the first call that matches, or null. */
  @Nullable Call firstOf(List<Call> calls) {
    for (Call call : calls) {
      if (call.name() != null && patterns.matches(call.name())) {
        return call;
      }
    }
    return null;
  }

  /** Returns the best fit of any call; one for each call that it is further out is lost. */
  int bestOf(List<Call> calls, int whole, int pattern) {
    int best = Condition.NO;
    for (int i = 0; i < calls.size(); i++) {
      int fit = fit(calls.get(i).name(), whole, pattern);
      best = Math.max(best, fit == Condition.NO ? Condition.NO : fit - Math.min(i, MOST_LOST));
    }
    return best;
  }
}
