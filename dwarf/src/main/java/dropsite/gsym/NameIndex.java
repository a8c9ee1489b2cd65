package dropsite.gsym;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds functions by name: a hash table of string offsets, made in one pass that decodes no lines.
 *
 * <p>Entries are numbers in arrays: an object for each of 50,000 names would cost more than the
 * file.
 */
final class NameIndex {
  private static final int NONE = -1;

  private final StringTable strings;
  private final int[] buckets;
  private int[] next;
  private int[] nameOffsets;
  private int[] functionIndexes;
  private int size;

  private NameIndex(StringTable strings, int expected) {
    this.strings = strings;
    this.buckets = new int[Math.max(16, Integer.highestOneBit(Math.max(expected, 1)) << 1)];
    Arrays.fill(buckets, NONE);
    this.next = new int[expected];
    this.nameOffsets = new int[expected];
    this.functionIndexes = new int[expected];
  }

  /** Reads the names of all functions, of merged ones too. */
  static NameIndex of(FunctionTable functions, StringTable strings) {
    NameIndex index = new NameIndex(strings, functions.count());
    // Backwards, because each bucket's list grows at its head and is to be ascending.
    for (int i = functions.count() - 1; i >= 0; i--) {
      int number = i;
      FunctionInfo function = functions.at(i);
      MergedFunctions.forEach(
          functions.bytes(), function, merged -> index.add(merged.nameOffset(), number));
      index.add(function.nameOffset(), number);
    }
    return index;
  }

  /** Returns the functions that have a name or have it merged in, ascending, each once. */
  List<Integer> find(String name) {
    byte[] text = StringTable.encode(name);
    List<Integer> found = new ArrayList<>();
    for (int i = buckets[bucket(StringTable.hash(text))]; i != NONE; i = next[i]) {
      boolean known = !found.isEmpty() && found.getLast() == functionIndexes[i];
      if (!known && strings.equalsAt(nameOffsets[i] & 0xffffffffL, text)) {
        found.add(functionIndexes[i]);
      }
    }
    return found;
  }

  private void add(long nameOffset, int functionIndex) {
    if (size == next.length) {
      int larger = size + (size >> 1) + 16;
      next = Arrays.copyOf(next, larger);
      nameOffsets = Arrays.copyOf(nameOffsets, larger);
      functionIndexes = Arrays.copyOf(functionIndexes, larger);
    }
    int bucket = bucket(strings.hashAt(nameOffset));
    nameOffsets[size] = (int) nameOffset;
    functionIndexes[size] = functionIndex;
    next[size] = buckets[bucket];
    buckets[bucket] = size;
    size++;
  }

  private int bucket(int hash) {
    int spread = hash ^ hash >>> 16;
    return spread & buckets.length - 1;
  }
}
