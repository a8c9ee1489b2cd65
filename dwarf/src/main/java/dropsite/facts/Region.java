package dropsite.facts;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.symbols.CodeFacts.Naming;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of one region, decoded into arrays so that many lookups can ask it; its constants,
 * which few ask for, are read each time.
 */
final class Region {
  private static final int NO_PLACE = -1;
  private static final long MAX_OFFSET = 0xffffffffL;

  /** Numbers of a position: offset, column, discriminator; with source also known, line, file. */
  private static final int POSITION = 3;

  private static final int SOURCED_POSITION = 6;

  /** Numbers of a call: depth, start and size of the range, column, discriminator. */
  private static final int CALL = 5;

  private final long low;
  private final int flags;
  private final long sizeBytes;
  private final long function;
  private final long callSites;
  private final int[] positions;
  private final int[] calls;

  private final Bytes bytes;
  private final long constants;
  private final long end;

  /** The function's name once it was asked for. */
  @Nullable String functionName;

  /**
   * @param cursor over exactly the record
   * @param low first link-time address of the region
   */
  Region(ByteCursor cursor, long low) {
    this.low = low;
    this.flags = cursor.u8();
    this.sizeBytes = cursor.uleb();
    if (sizeBytes < 0 || sizeBytes > MAX_OFFSET) {
      throw cursor.malformed("region of " + Long.toUnsignedString(sizeBytes) + " bytes");
    }
    this.function = has(RegionFormat.HAS_FUNCTION) ? place(cursor) : NO_PLACE;
    this.callSites = has(RegionFormat.HAS_CALL_SITES) ? cursor.u32() : NO_PLACE;
    this.positions = has(RegionFormat.HAS_POSITIONS) ? positions(cursor) : new int[0];
    this.calls = has(RegionFormat.HAS_CALLS) ? calls(cursor) : new int[0];
    this.bytes = cursor.bytes();
    this.constants = cursor.position();
    this.end = cursor.limit();
  }

  /**
   * A source position.
   *
   * @param known whether a row of the line table covers the address
   * @param file where its path stands; negative for none
   */
  record Position(boolean known, long file, int line, int column, int discriminator) {}

  /** Column and discriminator of the call of what is inlined at a depth. */
  record Call(int depth, int column, int discriminator) {}

  /**
   * A constant parameter.
   *
   * @param argument its number in the table of arguments
   */
  record Constant(int depth, long argument) {}

  boolean covers(long linkAddress) {
    return Long.compareUnsigned(linkAddress - low, sizeBytes) < 0;
  }

  Naming naming() {
    return RegionFormat.naming(flags);
  }

  /** Returns where the function's name stands; negative for none. */
  long function() {
    return function;
  }

  /** Returns where the function's call sites stand; negative for none. */
  long callSites() {
    return callSites;
  }

  /** Returns about how much memory it takes. */
  int memoryBytes() {
    return 128 + (positions.length + calls.length) * Integer.BYTES;
  }

  /** Returns the position in force at an address; null when no line is known. */
  @Nullable Position position(long linkAddress) {
    int wanted = (int) (linkAddress - low);
    int stride = stride();
    int first = 0;
    int behind = positions.length / stride;
    while (first < behind) {
      int middle = (first + behind) >>> 1;
      if (Integer.compareUnsigned(positions[middle * stride], wanted) <= 0) {
        first = middle + 1;
      } else {
        behind = middle;
      }
    }
    if (first == 0) {
      return null;
    }
    int at = (first - 1) * stride;
    boolean sourced = stride == SOURCED_POSITION;
    return new Position(
        !sourced || positions[at + 3] != 0,
        sourced ? place(positions[at + 5]) : NO_PLACE,
        sourced ? positions[at + 4] : 0,
        positions[at + 1],
        positions[at + 2]);
  }

  /** Returns the calls that cover an address. */
  List<Call> calls(long linkAddress) {
    int wanted = (int) (linkAddress - low);
    List<Call> found = List.of();
    for (int i = 0; i < calls.length; i += CALL) {
      if (Integer.compareUnsigned(wanted - calls[i + 1], calls[i + 2]) < 0) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(new Call(calls[i], calls[i + 3], calls[i + 4]));
      }
    }
    return found;
  }

  /** Returns the constants that hold at an address. */
  List<Constant> constants(long linkAddress) {
    if (!has(RegionFormat.HAS_CONSTANTS)) {
      return List.of();
    }
    List<Constant> found = new ArrayList<>();
    ByteCursor cursor = new ByteCursor(bytes, constants, end);
    while (cursor.hasRemaining()) {
      int depth = depth(cursor);
      long start = cursor.uleb();
      boolean covers = Long.compareUnsigned(linkAddress - low - start, cursor.uleb()) < 0;
      long argument = cursor.u32();
      if (covers) {
        found.add(new Constant(depth, argument));
      }
    }
    return found;
  }

  private int[] positions(ByteCursor cursor) {
    int stride = stride();
    int[] all = new int[16 * stride];
    int size = 0;
    long at = 0;
    long count = cursor.uleb();
    for (long i = 0; i != count; i++) {
      at = offset(at + offset(cursor.uleb()));
      long place = cursor.uleb();
      all = roomy(all, size + stride);
      all[size] = (int) at;
      all[size + 1] = (int) (place >>> 1);
      all[size + 2] = discriminator(cursor, place);
      if (stride == SOURCED_POSITION) {
        long line = cursor.uleb();
        all[size + 3] = (int) line & 1;
        all[size + 4] = (int) (line >>> 1);
        all[size + 5] = cursor.s32();
      }
      size += stride;
    }
    return Arrays.copyOf(all, size);
  }

  private int[] calls(ByteCursor cursor) {
    int[] all = new int[4 * CALL];
    int size = 0;
    long count = cursor.uleb();
    for (long i = 0; i != count; i++) {
      all = roomy(all, size + CALL);
      all[size] = depth(cursor);
      all[size + 1] = (int) offset(cursor.uleb());
      all[size + 2] = (int) offset(cursor.uleb());
      long place = cursor.uleb();
      all[size + 3] = (int) (place >>> 1);
      all[size + 4] = discriminator(cursor, place);
      size += CALL;
    }
    return Arrays.copyOf(all, size);
  }

  private static int[] roomy(int[] numbers, int size) {
    return size <= numbers.length ? numbers : Arrays.copyOf(numbers, 2 * size);
  }

  /** What lies behind every region lies behind this one. */
  private static long offset(long value) {
    return value < 0 ? MAX_OFFSET : Math.min(value, MAX_OFFSET);
  }

  private int stride() {
    return naming() == Naming.NOTHING ? SOURCED_POSITION : POSITION;
  }

  private static int depth(ByteCursor cursor) {
    return (int) Math.min(cursor.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  private static int discriminator(ByteCursor cursor, long place) {
    return (place & 1) == 0 ? 0 : (int) cursor.uleb();
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private static long place(ByteCursor cursor) {
    return place(cursor.s32());
  }

  private static long place(int place) {
    return place == RegionFormat.NO_STRING ? NO_PLACE : Integer.toUnsignedLong(place);
  }
}
