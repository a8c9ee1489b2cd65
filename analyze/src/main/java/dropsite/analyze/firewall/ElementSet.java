package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A set of values, or of tuples of values, to look packets up in.
 *
 * <p>Elements of one number are sorted, those of several that are exact are hashed: a packet is
 * looked up in thousands of rules.
 */
final class ElementSet {
  private final Span[] sorted;
  private final Set<List<Value>> exact = new HashSet<>();
  private final List<List<Span>> others = new ArrayList<>();

  ElementSet(List<List<Span>> elements) {
    List<Span> numbers = new ArrayList<>();
    for (List<Span> element : elements) {
      if (element.size() == 1 && element.getFirst().first().text() == null) {
        numbers.add(element.getFirst());
      } else if (element.stream().allMatch(Span::single)) {
        exact.add(element.stream().map(Span::first).toList());
      } else {
        others.add(element);
      }
    }
    sorted = merged(numbers);
  }

  /** Returns the same numbers in spans that do not overlap, in order. */
  private static Span[] merged(List<Span> spans) {
    List<Span> result = new ArrayList<>();
    spans.sort((a, b) -> a.first().compareTo(b.first()));
    for (Span span : spans) {
      if (!result.isEmpty() && result.getLast().last().compareTo(span.first()) >= 0) {
        Span before = result.removeLast();
        Value last = before.last().compareTo(span.last()) > 0 ? before.last() : span.last();
        result.add(Span.of(before.first(), last));
      } else {
        result.add(span);
      }
    }
    return result.toArray(Span[]::new);
  }

  /** Returns how many elements have to be looked at one by one. */
  int cost() {
    return 1 + others.size();
  }

  /** Returns whether it holds a value; it then has elements of one value each. */
  boolean contains(Value value) {
    return value.text() == null ? sorted(value) : contains(List.of(value));
  }

  /** Returns whether it holds a tuple of at least two values, or of one text. */
  boolean contains(List<Value> values) {
    if (exact.contains(values)) {
      return true;
    }
    for (List<Span> element : others) {
      if (contains(element, values)) {
        return true;
      }
    }
    return false;
  }

  private boolean sorted(Value value) {
    if (sorted.length == 1) {
      return sorted[0].contains(value);
    }
    int found =
        Arrays.binarySearch(sorted, Span.of(value), (a, b) -> a.first().compareTo(b.first()));
    int at = found >= 0 ? found : -found - 2;
    return at >= 0 && sorted[at].contains(value);
  }

  private static boolean contains(List<Span> element, List<Value> values) {
    if (element.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < element.size(); i++) {
      if (!element.get(i).contains(values.get(i))) {
        return false;
      }
    }
    return true;
  }
}
