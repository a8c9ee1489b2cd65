package dropsite.analyze.classify;

import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.ResolvedStack;
import org.jspecify.annotations.Nullable;

/** Says what class of drop a stack shows. */
public final class Classifier {
  private final RuleBook book;

  private Classifier(RuleBook book) {
    this.book = book;
  }

  /** Returns a classifier by the rules that we ship. */
  public static Classifier shipped() {
    return by(RuleBook.shipped());
  }

  /** Returns a classifier by rules. */
  public static Classifier by(RuleBook book) {
    return new Classifier(book);
  }

  /** Returns the rules that it goes by. */
  public RuleBook book() {
    return book;
  }

  /**
   * Returns what rules say of all events that have one stack, one reason and one location; the
   * events may differ in everything else.
   *
   * @param stack of any of them
   * @param reason that the kernel gave; null when none was recorded
   * @param imageFits whether the image that the stack was resolved against is known to be right
   */
  public StackClassifier of(ResolvedStack stack, @Nullable DropReason reason, boolean imageFits) {
    return new StackClassifier(book, stack, reason, imageFits);
  }

  /** Classifies one event; parameters as for {@link #of}. */
  public Classification classify(
      ResolvedStack stack, @Nullable DropReason reason, boolean imageFits) {
    return of(stack, reason, imageFits).classify(stack.event().facts());
  }
}
