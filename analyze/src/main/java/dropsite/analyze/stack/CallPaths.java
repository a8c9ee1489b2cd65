package dropsite.analyze.stack;

import dropsite.symbols.CallSite;
import dropsite.symbols.CanonicalName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ways from a function that was called to one that is on the stack in its place.
 *
 * <p>A tail call replaces the caller's frame, so any number of functions may have passed on. Where
 * a function was stopped on entry, a kernel that unwinds by frame pointers misses the one that
 * called it, so one step may be an ordinary call.
 */
final class CallPaths {
  /** Paths beyond these are not told apart any more. */
  static final int MOST_PATHS = 3;

  private static final int DEEPEST = 6;
  private static final int MOST_FUNCTIONS = 400;

  private final KnownCalls calls;
  private final EntryFrames entries;
  private final UnrecordedJumps unrecorded;

  CallPaths(KnownCalls calls, EntryFrames entries) {
    this.calls = calls;
    this.entries = entries;
    this.unrecorded = new UnrecordedJumps(calls, entries);
  }

  /**
   * A function on the way.
   *
   * @param sites its calls that lead to the next function, never none
   */
  record Step(Function function, List<CallSite> sites) {}

  /**
   * What a search found.
   *
   * @param paths shortest first, at most {@link #MOST_PATHS}; each in the order of the calls
   * @param more whether there are others
   * @param open whether the way goes through a pointer somewhere, or through code whose calls are
   *     not known: no path does not mean that there is none
   */
  record Found(List<List<Step>> paths, boolean more, boolean open) {}

  /**
   * The function that is on the stack.
   *
   * @param names that calls may know it by, without suffixes
   */
  record Target(Function function, Set<String> names) {

    boolean isNamed(String callee) {
      return names.contains(CanonicalName.of(callee));
    }
  }

  /**
   * Searches for the ways from a callee to a target.
   *
   * @param call that must have led there
   * @param caller who made the call
   * @param entered whether the target was stopped on entry, so that its own caller may be missing
   */
  Found search(CallSite call, Function caller, Target target, boolean entered) {
    Search search = new Search(target, entered);
    search.run(calls.called(List.of(call), caller, target.function));
    List<List<Step>> paths = List.copyOf(search.paths.values());
    return new Found(
        paths.subList(0, Math.min(paths.size(), MOST_PATHS)),
        paths.size() > MOST_PATHS,
        search.open);
  }

  /**
   * A function reached.
   *
   * @param before null for the first one
   * @param sites calls of the one before that lead here
   * @param missing whether the one before was left by an ordinary call
   */
  private record Reached(
      @Nullable Reached before,
      List<CallSite> sites,
      Function function,
      int depth,
      boolean missing) {

    boolean passedThrough(Function other) {
      for (Reached each = this; each != null; each = each.before) {
        if (each.function.isSameCodeAs(other)) {
          return true;
        }
      }
      return false;
    }

    List<Step> pathBy(List<CallSite> lastSites) {
      List<Step> steps = new ArrayList<>();
      List<CallSite> leaving = lastSites;
      for (Reached each = this; each != null; each = each.before) {
        steps.addFirst(new Step(each.function, leaving));
        leaving = each.sites;
      }
      return steps;
    }
  }

  private final class Search {
    private final Target target;
    private final boolean entered;
    private final Map<List<String>, List<Step>> paths = new LinkedHashMap<>();
    private final Deque<Reached> queue = new ArrayDeque<>();
    private final List<Reached> reached = new ArrayList<>();
    private boolean open;

    Search(Target target, boolean entered) {
      this.target = target;
      this.entered = entered;
    }

    void run(List<Function> starts) {
      open |= starts.isEmpty();
      starts.forEach(start -> queue.add(new Reached(null, List.of(), start, 0, false)));
      while (!queue.isEmpty() && paths.size() <= MOST_PATHS) {
        if (reached.size() == MOST_FUNCTIONS) {
          open = true;
          return;
        }
        Reached next = queue.remove();
        reached.add(next);
        leave(next);
      }
      open =
          open
              || (paths.isEmpty()
                  && reached.stream()
                      .anyMatch(at -> unrecorded.mayBeIn(at.function, entered && !at.missing)));
    }

    private void leave(Reached at) {
      boolean mayMiss = entered && !at.missing;
      for (CallSite site : calls.of(at.function)) {
        String callee = site.callee();
        if ((site.tailCall() || mayMiss) && (callee == null || entries.isTrampoline(callee))) {
          open = true;
        }
      }
      follow(at, calls.byCallee(at.function, true), at.missing);
      if (mayMiss) {
        follow(at, calls.byCallee(at.function, false), true);
      }
    }

    private void follow(Reached at, Map<String, List<CallSite>> callees, boolean missing) {
      callees.forEach((callee, sites) -> {
        if (target.isNamed(callee)) {
          add(at.pathBy(sites));
        } else if (at.depth + 1 == DEEPEST) {
          open = true;
        } else if (!entries.isTrampoline(callee)) {
          go(at, sites, missing);
        }
      });
    }

    private void go(Reached at, List<CallSite> sites, boolean missing) {
      List<Function> next = calls.called(sites, at.function, target.function);
      open |= next.isEmpty();
      for (Function function : next) {
        if (function.isSameCodeAs(target.function)) {
          add(at.pathBy(sites));
        } else if (!at.passedThrough(function)) {
          queue.add(new Reached(at, sites, function, at.depth + 1, missing));
        }
      }
    }

    private void add(List<Step> path) {
      paths.putIfAbsent(path.stream().map(step -> step.function.canonicalName()).toList(), path);
    }
  }
}
