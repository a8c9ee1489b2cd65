package dropsite.analyze.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last answers to questions that are costly to answer: drops repeat themselves.
 *
 * <p>Bounded, so that a recording of any length needs the same memory. For one thread.
 */
public final class Remembered<K, V> {
  private static final int MOST_ANSWERS = 1 << 14;

  private final Map<K, V> answers = new LeastRecentlyUsed<>();

  /** Returns the answer to a question, or null when it has not been asked lately. */
  public @Nullable V get(K question) {
    return answers.get(question);
  }

  /** Remembers an answer and returns it. */
  public V put(K question, V answer) {
    answers.put(question, answer);
    return answer;
  }

  private static final class LeastRecentlyUsed<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    LeastRecentlyUsed() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MOST_ANSWERS;
    }
  }
}
