package dropsite.analyze.stack;

import dropsite.symbols.CallSite;
import dropsite.symbols.CanonicalName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes frames that the unwinder doubts for calls where the calls around them name them. */
final class Promotion {
  private final KnownCalls calls;

  Promotion(KnownCalls calls) {
    this.calls = calls;
  }

  /**
   * Promotes doubted frames between two others, if a chain of calls from the lower to the upper one
   * goes through them.
   *
   * @return whether one does
   */
  boolean promote(List<ResolvedFrame> frames, int upper, int lower, List<Repair> repairs)
      throws IOException {
    List<Integer> chain = new ArrayList<>();
    int caller = lower;
    for (int i = lower - 1; i > upper; i--) {
      if (!frames.get(i).hidden() && isCallOf(frames.get(caller), frames.get(i))) {
        chain.add(i);
        caller = i;
      }
    }
    if (chain.isEmpty() || !isCallOf(frames.get(caller), frames.get(upper))) {
      return false;
    }
    for (int i : chain) {
      repairs.add(
          new Repair(
              "promoted", i, "the call of the frame below names it, and its own the one above"));
      frames.set(i, frames.get(i).as(Standing.PROMOTED));
    }
    return true;
  }

  private boolean isCallOf(ResolvedFrame lower, ResolvedFrame upper) throws IOException {
    Function caller = calls.functionOf(lower);
    Long returnAddress = lower.linkAddress();
    if (caller == null || returnAddress == null) {
      return false;
    }
    CallSite site = calls.returningTo(caller.file(), returnAddress);
    return site != null
        && site.callee() != null
        && CanonicalName.of(site.callee()).equals(upper.canonicalName());
  }
}
