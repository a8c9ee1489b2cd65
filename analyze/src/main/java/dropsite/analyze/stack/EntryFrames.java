package dropsite.analyze.stack;

import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the rule data knows of the kernel's entry code. */
final class EntryFrames {
  private final List<Entry> exceptions;
  private final Entry deferred;
  private final String interrupted;
  private final NamePatterns outermost;
  private final Set<Integer> limits;
  private final NamePatterns trampolines;
  private final NamePatterns returns;

  private EntryFrames(RuleData data) {
    data.expectOnly(
        Set.of(
            "exceptions",
            "deferred",
            "interrupted",
            "outermost",
            "limits",
            "trampolines",
            "returns"));
    exceptions = data.get("exceptions").items().stream().map(Entry::of).toList();
    deferred = Entry.of(data.get("deferred"));
    interrupted = data.get("interrupted").text();
    outermost = new NamePatterns(data.get("outermost").texts());
    List<Integer> counts = new ArrayList<>();
    data.get("limits").items().forEach(item -> counts.add(item.number()));
    limits = Set.copyOf(counts);
    trampolines = new NamePatterns(data.get("trampolines").texts());
    returns = new NamePatterns(data.get("returns").texts());
  }

  /** Reads the rule data that we ship. */
  static EntryFrames shipped() {
    return new EntryFrames(RuleData.resource(EntryFrames.class, "entries.yaml"));
  }

  /** Returns the exception entry that a function is; null when it is none. */
  @Nullable Entry exception(@Nullable String function) {
    if (function != null) {
      for (Entry entry : exceptions) {
        if (entry.functions.matches(function)) {
          return entry;
        }
      }
    }
    return null;
  }

  /**
   * Returns whether a frame below an exception entry is what was interrupted: not where a name has
   * passed to a C function, and the entry that calls it has the same with something in front.
   */
  static boolean interrupts(String entry, @Nullable String below) {
    return below == null || !below.endsWith("_" + entry);
  }

  /** Returns the functions that deferred interrupt work runs below. */
  Entry deferred() {
    return deferred;
  }

  /** Returns the context of what was interrupted last. */
  String interrupted() {
    return interrupted;
  }

  /** Returns whether nothing calls a function. */
  boolean isOutermost(@Nullable String function) {
    return function != null && outermost.matches(function);
  }

  /** Returns whether recordings are cut at a number of frames. */
  boolean isLimit(int frames) {
    return limits.contains(frames);
  }

  /** Returns whether a function only leads to another, which calls of it do not name. */
  boolean isTrampoline(String function) {
    return trampolines.matches(function);
  }

  /** Returns whether a jump to a function is a return. */
  boolean isReturn(String function) {
    return returns.matches(function);
  }

  /**
   * Functions where the processor turns to something else.
   *
   * @param context of the frames above; null when it is that of the frames below
   * @param ownStack whether the functions themselves are on the new stack
   */
  record Entry(NamePatterns functions, @Nullable String context, boolean ownStack) {

    private static Entry of(RuleData data) {
      data.expectOnly(Set.of("functions", "context", "ownStack"));
      return new Entry(
          new NamePatterns(data.get("functions").texts()),
          data.get("context").optionalText().orElse(null),
          data.get("ownStack").isTrue());
    }
  }
}
