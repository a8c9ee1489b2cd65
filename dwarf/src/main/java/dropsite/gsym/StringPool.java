package dropsite.gsym;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers for the strings of a file being written, as they come; for several threads. */
final class StringPool {
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final List<String> strings = new ArrayList<>();

  /** Returns the number of a string, a new one when it has none. */
  int number(String string) {
    Integer known = numbers.get(string);
    return known == null ? numbers.computeIfAbsent(string, this::append) : known;
  }

  private int append(String string) {
    synchronized (strings) {
      strings.add(string);
      return strings.size() - 1;
    }
  }

  /** Returns how many strings there are. */
  int count() {
    return strings.size();
  }

  /** Returns the string of a number; none may be added afterwards. */
  String at(int number) {
    return strings.get(number);
  }
}
