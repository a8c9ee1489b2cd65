package dropsite.analyze.report;

import dropsite.analyze.classify.Classification;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.ResolvedStack;
import org.jspecify.annotations.Nullable;

/** Events that are the same in all that a rule could see; counted while they come in. */
public final class DropKind {
  private final int number;
  private final int stackNumber;
  private final ResolvedStack stack;
  private final EventFacts facts;
  private final Classification classification;
  private final @Nullable DropReason reason;
  private long count;

  /** What the event table numbered of its last event; -1 before. */
  int file = -1;

  int place = -1;
  int packet = -1;

  DropKind(
      int number,
      int stackNumber,
      ResolvedStack stack,
      EventFacts facts,
      Classification classification,
      @Nullable DropReason reason) {
    this.number = number;
    this.stackNumber = stackNumber;
    this.stack = stack;
    this.facts = facts;
    this.classification = classification;
    this.reason = reason;
  }

  int number() {
    return number;
  }

  /** Returns a number that kinds with the very same stack share. */
  int stackNumber() {
    return stackNumber;
  }

  ResolvedStack stack() {
    return stack;
  }

  /** Returns what class of drop it is. */
  public Classification classification() {
    return classification;
  }

  /** Returns the reason that the kernel gave; null when none was recorded. */
  public @Nullable DropReason reason() {
    return reason;
  }

  /** Returns the facts of its first event. */
  EventFacts facts() {
    return facts;
  }

  long count() {
    return count;
  }

  void add(long events) {
    count += events;
  }
}
