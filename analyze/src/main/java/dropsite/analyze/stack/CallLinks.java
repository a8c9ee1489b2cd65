package dropsite.analyze.stack;

import dropsite.analyze.kernel.Remembered;
import dropsite.analyze.stack.CallLink.Kind;
import dropsite.analyze.stack.CallPaths.Found;
import dropsite.analyze.stack.CallPaths.Step;
import dropsite.analyze.stack.CallPaths.Target;
import dropsite.symbols.CallSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says of neighbouring frames whether one called the other; remembered, since stacks repeat. */
final class CallLinks {
  /**
   * What precedes the place of a probe on a function's entry: a landing pad, a call of a tracer.
   */
  private static final long ENTRY_BYTES = 16;

  private final KnownCalls calls;
  private final CallPaths paths;
  private final EntryFrames entries;
  private final ElidedFrames elidedFrames;
  private final Remembered<Pair, CallLink> links = new Remembered<>();

  CallLinks(KnownCalls calls, EntryFrames entries, SourceLookup lookup) {
    this.calls = calls;
    this.entries = entries;
    this.paths = new CallPaths(calls, entries);
    this.elidedFrames = new ElidedFrames(lookup);
  }

  /**
   * Returns how two neighbouring frames go together.
   *
   * @param upper the called one
   * @param top whether nothing is above it
   */
  CallLink between(ResolvedFrame upper, ResolvedFrame lower, boolean top) throws IOException {
    Pair pair = new Pair(upper, lower, top);
    CallLink known = links.get(pair);
    return known != null ? known : links.put(pair, find(pair));
  }

  private CallLink find(Pair pair) throws IOException {
    Function caller = pair.lower.exact() ? null : calls.functionOf(pair.lower);
    Long returnAddress = pair.lower.linkAddress();
    CallSite site =
        caller == null || returnAddress == null
            ? null
            : calls.returningTo(caller.file(), returnAddress);
    if (caller == null || site == null) {
      return CallLink.of(Kind.UNKNOWN);
    }
    String callee = site.callee();
    if (callee == null || entries.isTrampoline(callee)) {
      return CallLink.of(Kind.INDIRECT);
    }
    Function called = calls.functionOf(pair.upper);
    if (called == null) {
      return CallLink.of(Kind.UNKNOWN);
    }
    Target target = new Target(called, namesOf(pair.upper, called));
    if (target.isNamed(callee)
        || calls.called(List.of(site), caller, called).stream().anyMatch(called::isSameCodeAs)) {
      return CallLink.of(Kind.DIRECT);
    }
    return judge(pair, callee, paths.search(site, caller, target, pair.upperIsEntered()));
  }

  private static Set<String> namesOf(ResolvedFrame frame, Function function) {
    Set<String> names = new HashSet<>();
    names.add(function.canonicalName());
    String name = frame.canonicalName();
    if (name != null) {
      names.add(name);
    }
    return names;
  }

  private CallLink judge(Pair pair, String callee, Found found) {
    String name = String.valueOf(pair.upper.symbol());
    String call =
        String.format(
            "the call that returns to %s+0x%x is of ",
            pair.lower.symbol(), pair.lower.offsetBytes());
    if (found.paths().isEmpty()) {
      String evidence = call + callee + ", which does not lead to " + name;
      return found.open()
          ? CallLink.of(Kind.OPEN)
          : new CallLink(Kind.MISMATCH, List.of(), evidence);
    }
    if (found.paths().size() == 1) {
      List<Step> path = found.paths().getFirst();
      List<ResolvedFrame> missing = new ArrayList<>();
      path.forEach(step -> missing.addFirst(elidedFrames.of(step, pair.lower.context())));
      String only = found.open() ? "; the only way known, others may go through a pointer" : "";
      return new CallLink(Kind.ELIDED, missing, call + elidedFrames.inWords(path, name) + only);
    }
    String ways =
        found.paths().stream()
            .map(path -> elidedFrames.inWords(path, name))
            .collect(Collectors.joining("; or of "));
    return new CallLink(
        Kind.SEVERAL, List.of(), call + ways + (found.more() ? "; or there are others" : ""));
  }

  private record Pair(ResolvedFrame upper, ResolvedFrame lower, boolean top) {

    boolean upperIsEntered() {
      return upper.exact()
          || (top && upper.offsetBytes() >= 0 && upper.offsetBytes() <= ENTRY_BYTES);
    }

    @Override
    public int hashCode() {
      return upper.hashCode() * 31 + lower.hashCode();
    }
  }
}
