package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.List;

/** One condition of a rule. */
sealed interface Condition {

  /** Returns whether a packet meets it. */
  Truth test(PacketAtHook packet);

  /** Returns it as it stands in the rule. */
  String words();

  /** Returns why it cannot be told, for a packet of which it cannot be told. */
  String unknown(PacketAtHook packet);

  /** Returns whether it looks at a field itself. */
  default boolean asks(Field field) {
    return this instanceof In in && in.keys().contains(new Key.Of(field));
  }

  /** Returns how much work a test is, about; 1 for one comparison. */
  default int cost() {
    return 1;
  }

  /**
   * The packet's value, or tuple of values, is in a set.
   *
   * @param keys where the values stand
   * @param changing whether the box itself adds and removes elements
   */
  record In(List<Key> keys, ElementSet set, boolean negated, boolean changing, String words)
      implements Condition {
    @Override
    public Truth test(PacketAtHook packet) {
      if (keys.size() == 1) {
        Value value = keys.getFirst().of(packet);
        return value == null ? Truth.MAYBE : value.absent() ? Truth.NO : found(set.contains(value));
      }
      List<Value> values = new ArrayList<>(keys.size());
      Truth all = Truth.YES;
      for (Key key : keys) {
        Value value = key.of(packet);
        if (value == null) {
          all = Truth.MAYBE;
        } else if (value.absent()) {
          return Truth.NO;
        } else {
          values.add(value);
        }
      }
      return all == Truth.MAYBE ? all : found(set.contains(values));
    }

    private Truth found(boolean in) {
      return !in && changing ? Truth.MAYBE : Truth.of(in).negatedIf(negated);
    }

    @Override
    public String unknown(PacketAtHook packet) {
      for (Key key : keys) {
        if (key.of(packet) == null) {
          return key.words() + " is not in the recording (" + words + ")";
        }
      }
      return "what is in the set changes by itself (" + words + ")";
    }

    @Override
    public int cost() {
      return set.cost();
    }
  }

  /** What is asked is nothing that a recording shows, or nothing that is understood. */
  record Unknown(String words, String because) implements Condition {
    @Override
    public Truth test(PacketAtHook packet) {
      return Truth.MAYBE;
    }

    @Override
    public String unknown(PacketAtHook packet) {
      return because;
    }
  }

  /** All of several hold, or one of them. */
  record Several(boolean all, List<Condition> conditions, boolean negated, String words)
      implements Condition {
    @Override
    public Truth test(PacketAtHook packet) {
      Truth truth = Truth.of(all);
      for (Condition condition : conditions) {
        Truth next = condition.test(packet);
        truth = all ? truth.and(next) : truth.or(next);
      }
      return truth.negatedIf(negated);
    }

    @Override
    public String unknown(PacketAtHook packet) {
      return conditions.stream()
          .filter(condition -> condition.test(packet) == Truth.MAYBE)
          .map(condition -> condition.unknown(packet))
          .findFirst()
          .orElse("");
    }

    @Override
    public int cost() {
      return conditions.stream().mapToInt(Condition::cost).sum();
    }
  }

  /** Returns the condition that all of some hold. */
  static Condition all(List<Condition> conditions, boolean negated, String words) {
    return new Several(true, conditions, negated, words);
  }

  /** Returns the condition that one of some holds. */
  static Condition any(List<Condition> conditions, boolean negated, String words) {
    return new Several(false, conditions, negated, words);
  }

  /** Returns the condition that a field's value is one of some. */
  static Condition in(Field field, List<Span> spans, boolean negated, String words) {
    return in(new Key.Of(field), spans, negated, words);
  }

  /** Returns the condition that what stands at a place is one of some. */
  static Condition in(Key key, List<Span> spans, boolean negated, String words) {
    return new In(
        List.of(key), new ElementSet(spans.stream().map(List::of).toList()), negated, false, words);
  }
}
