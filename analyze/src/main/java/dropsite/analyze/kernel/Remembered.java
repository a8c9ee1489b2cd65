package dropsite.analyze.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The last answers to questions that are costly to answer: drops repeat themselves.
 *
 * <p>Bounded, so that a recording of any length needs the same memory. Questions whose hashes lie
 * close push each other out, the oldest first. One look at memory tells whether a question is
 * known, if it is asked with the same object: links between questions, in the order of their use,
 * would take several, and those are what a fast search spends its time on. For one thread.
 */
public final class Remembered<K, V> {
  private static final int WAYS = 4;
  private static final int SET_BITS = 12;

  /** A question and its answer. */
  private static final int PAIR = 2;

  /** Spreads hashes that differ in few bits: the golden ratio's bits. */
  private static final int SPREAD = 0x9e3779b9;

  private final @Nullable Object[] pairs = new Object[(PAIR * WAYS) << SET_BITS];

  /** Returns the answer to a question, or null when it has not been asked lately. */
  // Behind each question stands its answer; the very same question is found without a look at it.
  @SuppressWarnings({"unchecked", "ReferenceEquality"})
  public @Nullable V get(K question) {
    int first = firstOf(question);
    int end = first + PAIR * WAYS;
    for (int i = first; i < end; i += PAIR) {
      if (pairs[i] == question) {
        return (V) pairs[i + 1];
      }
    }
    for (int i = first; i < end; i += PAIR) {
      if (question.equals(pairs[i])) {
        return (V) pairs[i + 1];
      }
    }
    return null;
  }

  /** Remembers the answer to a question that had none, and returns it. */
  public V put(K question, V answer) {
    int first = firstOf(question);
    System.arraycopy(pairs, first, pairs, first + PAIR, PAIR * (WAYS - 1));
    pairs[first] = question;
    pairs[first + 1] = answer;
    return answer;
  }

  private static int firstOf(Object question) {
    return ((question.hashCode() * SPREAD) >>> (Integer.SIZE - SET_BITS)) * PAIR * WAYS;
  }
}
