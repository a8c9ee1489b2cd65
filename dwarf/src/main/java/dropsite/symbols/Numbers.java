package dropsite.symbols;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for equal things in the order in which they are first met; for several threads.
 *
 * @param <T> immutable, with a cheap hash code
 */
public final class Numbers<T> {
  private static final int RECENT = 1 << 13;

  private final Map<T, Integer> numbers = new ConcurrentHashMap<>();
  private final List<T> things = new ArrayList<>();

  /**
   * Things asked for lately, by hash code and thread: whoever asks again has the same object most
   * often, but all units of an image have their own Strings of the same names, and comparing those
   * takes longer. Threads may lose each other's entries.
   */
  private final @Nullable Numbered[] recent = new Numbered[RECENT];

  private record Numbered(Object thing, int number) {}

  /** Returns the number of a thing, a new one when it has none. */
  @SuppressWarnings("ReferenceEquality") // What is equal but another object is looked up.
  public int of(T thing) {
    int slot = (thing.hashCode() + 31 * (int) Thread.currentThread().threadId()) & (RECENT - 1);
    Numbered last = recent[slot];
    if (last != null && last.thing == thing) {
      return last.number;
    }
    Integer known = numbers.get(thing);
    int number = known == null ? numbers.computeIfAbsent(thing, this::add) : known;
    recent[slot] = new Numbered(thing, number);
    return number;
  }

  private int add(T thing) {
    synchronized (things) {
      things.add(thing);
      return things.size() - 1;
    }
  }

  /** Returns all things, each at its number; nothing may be added afterwards. */
  public List<T> things() {
    synchronized (things) {
      return things;
    }
  }
}
