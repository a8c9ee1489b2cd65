package dropsite.gsym;

import dropsite.symbols.Numbers;

/** Numbers for the strings of a file being written, as they come; for several threads. */
final class StringPool {
  private final Numbers<String> numbers = new Numbers<>();

  /** Returns the number of a string, a new one when it has none. */
  int number(String string) {
    return numbers.of(string);
  }

  /** Returns how many strings there are. */
  int count() {
    return numbers.things().size();
  }

  /** Returns the string of a number; none may be added afterwards. */
  String at(int number) {
    return numbers.things().get(number);
  }
}
