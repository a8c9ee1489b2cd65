package dropsite.analyze.classify;

import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions of a stack in one row, inlined ones included, innermost first. */
final class CallChain {
  private final List<Call> calls;
  private final int site;
  private final List<Call> siteCalls;

  private CallChain(List<Call> calls, int site) {
    this.calls = List.copyOf(calls);
    this.site = site;
    this.siteCalls =
        site == calls.size()
            ? List.of()
            : this.calls.stream().skip(site).takeWhile(calls.get(site)::sharesFrameWith).toList();
  }

  /**
   * Lays out a stack and finds the place of the drop in it.
   *
   * @param freeing the functions that free packets for others
   */
  static CallChain of(ResolvedStack stack, NamePatterns freeing) {
    List<Call> calls = new ArrayList<>();
    int index = 0;
    for (ResolvedFrame frame : stack.calls()) {
      if (frame.layers().isEmpty()) {
        calls.add(new Call(null, null, frame, index));
      }
      for (Layer layer : frame.layers()) {
        calls.add(new Call(layer.source().canonicalName(), layer, frame, index));
      }
      index++;
    }
    return new CallChain(calls, siteIn(calls, freeing, stack.event().facts().location()));
  }

  /** Returns the index of the first call below the freeing functions, or the size when none is. */
  private static int siteIn(List<Call> calls, NamePatterns freeing, @Nullable Long location) {
    int site = 0;
    while (site < calls.size() && isFreeing(calls.get(site), freeing)) {
      site++;
    }
    if (site == 0 && location != null) {
      // The recording itself says where, even when the functions above have no names.
      while (site < calls.size()
          && !location.equals(calls.get(site).frame().given().runtimeAddress())) {
        site++;
      }
      while (site < calls.size() && isFreeing(calls.get(site), freeing)) {
        site++;
      }
      return site;
    }
    return site == 0 ? calls.size() : site;
  }

  private static boolean isFreeing(Call call, NamePatterns freeing) {
    String name = call.name();
    return name != null && freeing.matches(name);
  }

  /** Returns whether the stack shows where the packet was let go. */
  boolean hasSite() {
    return site < calls.size();
  }

  /** Returns the index of the function that let the packet go. */
  int site() {
    return site;
  }

  int size() {
    return calls.size();
  }

  Call get(int index) {
    return calls.get(index);
  }

  /** Returns the calls from one index up to, not including, another. */
  List<Call> calls(int start, int end) {
    return calls.subList(start, end);
  }

  /** Returns the functions of the drop's own frame: the site and what it is inlined into. */
  List<Call> siteCalls() {
    return siteCalls;
  }

  /** Returns the functions below the drop's own frame. */
  List<Call> below() {
    return calls.subList(site + siteCalls.size(), calls.size());
  }

  /** Returns the place of the drop, or null when the stack does not show it. */
  @Nullable DropPlace place() {
    if (!hasSite()) {
      return null;
    }
    Call let = calls.get(site);
    return new DropPlace(
        let.layer(), let.frame(), site + 1 < calls.size() ? calls.get(site + 1).layer() : null);
  }
}
