package dropsite.analyze.classify;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Classifies events that differ in their packets only. What stack and reason decide is decided
 * once, so that an event costs no more than the few rules that ask for its packet.
 */
public final class StackClassifier {
  private static final Packet NO_PACKET = new Packet(EventFacts.NONE);

  private final RuleBook book;
  private final ResolvedStack stack;
  private final boolean imageFits;
  private final Drop drop;
  private final List<Candidate> candidates;

  /** By candidate: few, and each the very same. */
  private final IdentityHashMap<Candidate, Classification> known = new IdentityHashMap<>();

  private @Nullable Classification unknown;

  /**
   * A case of a rule whose conditions on stack and reason hold.
   *
   * @param fit of those conditions
   * @param most fit with those on the packet
   */
  private record Candidate(Rule rule, Case when, int fit, int most) {
    int fit(Drop drop, Packet packet) {
      int ofPacket = Case.fit(when.ofPacket(), drop, packet);
      return ofPacket == Condition.NO && !when.ofPacket().isEmpty() ? ofPacket : fit + ofPacket;
    }
  }

  StackClassifier(
      RuleBook book, ResolvedStack stack, @Nullable DropReason reason, boolean imageFits) {
    this.book = book;
    this.stack = stack;
    this.imageFits = imageFits;
    CallChain chain = CallChain.of(stack, book.freeing());
    HookVerdict hook = chain.hasSite() ? HookVerdict.of(book.hooks(), chain, reason) : null;
    this.drop = new Drop(chain, reason, book.ways().of(chain), hook);
    this.candidates = candidates();
  }

  private List<Candidate> candidates() {
    List<Candidate> result = new ArrayList<>();
    for (Rule rule : book.rules()) {
      for (Case when : rule.cases()) {
        // A hook's verdict is judged by what is known of hooks, unless a rule asks for it.
        if (drop.hook() != null && !when.asksForHook()) {
          continue;
        }
        int fit = Case.fit(when.ofStack(), drop, NO_PACKET);
        if (fit != Condition.NO || when.ofStack().isEmpty()) {
          int most = fit + when.ofPacket().stream().mapToInt(Condition::weight).sum();
          result.add(new Candidate(rule, when, fit, most));
        }
      }
    }
    // Stable, so that of equal ones the first in the files stays first.
    result.sort(Comparator.comparingInt(Candidate::most).reversed());
    return result;
  }

  /** Returns what the stacks show together with what was recorded of one event. */
  public Classification classify(EventFacts facts) {
    Packet packet = new Packet(facts);
    Candidate best = null;
    int bestFit = 0;
    for (Candidate candidate : candidates) {
      if (candidate.most() <= bestFit) {
        break;
      }
      int fit = candidate.fit(drop, packet);
      if (fit > bestFit) {
        best = candidate;
        bestFit = fit;
      }
    }
    Classification found;
    if (best != null) {
      found = known.computeIfAbsent(best, candidate -> judged(byRule(candidate)));
    } else {
      found = unknown;
      if (found == null) {
        found = judged(drop.hook() == null ? unknown() : drop.hook().classification(evidence()));
        unknown = found;
      }
    }
    return claimed(found, facts);
  }

  /**
   * A script's own table is not used, but what it says is shown, and doubted where it cannot be.
   */
  private Classification claimed(Classification found, EventFacts facts) {
    String claimed = facts.claimedReason();
    if (claimed == null) {
      return found;
    }
    String contradiction = book.reasons().contradiction(claimed, drop.chain());
    return contradiction == null
        ? found.doubted(
            Confidence.HIGH,
            "the text names reason "
                + claimed
                + " from the script's own table, which may be another kernel's: not used")
        : found.doubted(
            Confidence.MEDIUM,
            "the text names reason "
                + claimed
                + " from the script's own table, which is another kernel's: "
                + contradiction);
  }

  private List<String> evidence() {
    List<String> evidence = new ArrayList<>();
    DropReason reason = drop.reason();
    if (reason != null) {
      evidence.add(
          "reason " + reason.inWords() + (reason.source().isEmpty() ? "" : ", " + reason.source()));
    }
    return evidence;
  }

  private Classification byRule(Candidate candidate) {
    List<String> evidence = evidence();
    for (Condition condition : candidate.when().conditions()) {
      String line = condition.evidence(drop);
      if (line != null) {
        evidence.add(line);
      }
    }
    Rule rule = candidate.rule();
    return new Classification(
        rule.id(),
        rule.classId(),
        rule.severity(),
        rule.confidence(),
        rule.title(),
        rule.explanation(),
        drop.chain().place(),
        evidence,
        rule.causes(),
        rule.next(),
        rule.links());
  }

  /** Lowers the confidence of what something speaks against. */
  private Classification judged(Classification found) {
    Classification judged = found;
    boolean resolved = stack.frames().stream().anyMatch(ResolvedFrame::hasSource);
    if (!imageFits && resolved) {
      judged =
          judged.doubted(
              Confidence.MEDIUM,
              "nothing shows that the debugging information is of the recorded kernel");
    }
    String reason = drop.reasonName();
    if (reason == null) {
      return judged;
    }
    String contradiction =
        drop.hook() == null ? book.reasons().contradiction(reason, drop.chain()) : null;
    if (contradiction != null) {
      judged = judged.doubted(Confidence.MEDIUM, "but " + contradiction);
    }
    if (drop.chain().hasSite()
        && drop.chain().siteCalls().stream()
            .anyMatch(call -> call.name() != null && book.deferring().matches(call.name()))) {
      judged =
          judged.doubted(
              Confidence.LOW,
              "the packet was put aside before, and freed here: where it was given up is lost");
    }
    boolean unheard =
        drop.reasonTells(book.reasons())
            && drop.hook() == null
            && book.rules().stream().noneMatch(rule -> rule.knowsReason(reason));
    return unheard ? judged.doubted(Confidence.LOW, "no rule knows the reason " + reason) : judged;
  }

  private Classification unknown() {
    DropPlace place = drop.chain().place();
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
        evidence(),
        List.of());
  }

  /** Returns how each rule fits an event, in the order of the files. */
  public List<RuleTrial> trials(EventFacts facts) {
    Packet packet = new Packet(facts);
    List<RuleTrial> trials = new ArrayList<>();
    for (Rule rule : book.rules()) {
      trials.add(RuleTrial.of(rule, drop, packet));
    }
    return trials;
  }
}
