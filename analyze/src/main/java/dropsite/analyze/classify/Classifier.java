package dropsite.analyze.classify;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what class of drop a stack shows. */
public final class Classifier {
  private final RuleBook book;

  private Classifier(RuleBook book) {
    this.book = book;
  }

  /** Returns a classifier by the rules that we ship. */
  public static Classifier shipped() {
    return new Classifier(RuleBook.shipped());
  }

  /**
   * Classifies a stack.
   *
   * @param reason that the kernel gave; null when none was recorded
   * @param imageFits whether the image that the stack was resolved against is known to be right
   */
  public Classification classify(
      ResolvedStack stack, @Nullable DropReason reason, boolean imageFits) {
    Classification classification = classify(stack, reason);
    boolean resolved = stack.frames().stream().anyMatch(ResolvedFrame::hasSource);
    return imageFits || !resolved
        ? classification
        : classification.doubted(
            "nothing shows that the debugging information is of the recorded kernel");
  }

  private Classification classify(ResolvedStack stack, @Nullable DropReason reason) {
    CallChain chain = CallChain.of(stack, book.freeing());
    List<String> evidence = reasonEvidence(stack.event().facts(), reason);
    if (chain.hasSite()) {
      Classification verdict = HookVerdict.of(book.hooks(), chain, reason, evidence);
      if (verdict != null) {
        return verdict;
      }
    }
    Rule best = bestRule(chain, reason, stack.event().facts());
    return best == null
        ? unknown(chain, evidence, stack)
        : byRule(best, chain, evidence, stack.event().facts());
  }

  private static List<String> reasonEvidence(EventFacts facts, @Nullable DropReason reason) {
    List<String> evidence = new ArrayList<>();
    if (reason != null) {
      evidence.add(
          "reason " + reason.inWords() + (reason.source().isEmpty() ? "" : ", " + reason.source()));
    }
    if (facts.claimedReason() != null) {
      evidence.add(
          "the text names reason "
              + facts.claimedReason()
              + " from the script's own table, which may be another kernel's: not used");
    }
    return evidence;
  }

  private @Nullable Rule bestRule(CallChain chain, @Nullable DropReason reason, EventFacts facts) {
    String name = reason == null ? null : reason.name();
    Rule best = null;
    int bestFit = 0;
    for (Rule rule : book.rules()) {
      int fit = rule.fit(chain, name, facts.packet());
      if (fit > bestFit) {
        best = rule;
        bestFit = fit;
      }
    }
    return best;
  }

  private static Classification byRule(
      Rule rule, CallChain chain, List<String> evidence, EventFacts facts) {
    DropPlace place = place(chain);
    if (rule.sites() != null && chain.hasSite()) {
      chain.siteCalls().stream()
          .filter(call -> call.name() != null && rule.sites().matches(call.name()))
          .findFirst()
          .ifPresent(call -> evidence.add("the packet was freed in " + call.inWords()));
    }
    if (rule.below() != null && chain.hasSite()) {
      chain.below().stream()
          .filter(call -> call.name() != null && rule.below().matches(call.name()))
          .findFirst()
          .ifPresent(call -> evidence.add("on the way through " + call.inWords()));
    }
    if (facts.packet() != null && (rule.multicast() != null || !rule.protocols().isEmpty())) {
      evidence.add("packet: " + facts.packet().inWords());
    }
    return new Classification(
        rule.classId(),
        rule.severity(),
        rule.confidence(),
        rule.title(),
        rule.explanation(),
        place,
        evidence,
        new CommandTemplate(facts).fill(rule.next()));
  }

  private static Classification unknown(
      CallChain chain, List<String> evidence, ResolvedStack stack) {
    DropPlace place = place(chain);
    boolean nameless = stack.calls().stream().allMatch(frame -> frame.layers().isEmpty());
    String explanation;
    if (nameless) {
      explanation = "The stack holds only addresses that nothing at hand gives a name to.";
    } else if (place == null) {
      explanation = "No function that frees packets stands on top of the stack.";
    } else {
      explanation =
          "No rule tells what it means that a packet is freed here: read the source at the site.";
    }
    return new Classification(
        "unknown",
        Severity.UNKNOWN,
        Confidence.LOW,
        "unknown",
        explanation,
        place,
        evidence,
        List.of());
  }

  private static @Nullable DropPlace place(CallChain chain) {
    if (!chain.hasSite()) {
      return null;
    }
    Call site = chain.get(chain.site());
    ResolvedFrame frame = site.frame();
    int caller = chain.site() + 1;
    return new DropPlace(
        site.layer(), frame, caller < chain.size() ? chain.get(caller).layer() : null);
  }
}
