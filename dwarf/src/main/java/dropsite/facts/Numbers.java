package dropsite.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers for equal things in the order in which they are first met; for several threads. */
final class Numbers<T> {
  private final Map<T, Integer> numbers = new ConcurrentHashMap<>();
  private final List<T> things = new ArrayList<>();

  /** Returns the number of a thing, a new one when it has none. */
  int of(T thing) {
    Integer known = numbers.get(thing);
    return known == null ? numbers.computeIfAbsent(thing, this::add) : known;
  }

  private int add(T thing) {
    synchronized (things) {
      things.add(thing);
      return things.size() - 1;
    }
  }

  /** Returns all things, each at its number; nothing may be added afterwards. */
  List<T> things() {
    synchronized (things) {
      return things;
    }
  }
}
