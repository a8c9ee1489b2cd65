package dropsite.facts;

import dropsite.bytes.ByteCursor;
import dropsite.symbols.CodeFacts.Naming;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The record of one region, read as far as an address needs it. */
final class Region {
  private static final int NO_PLACE = -1;

  private final long low;
  private final int flags;
  private final long sizeBytes;
  private final ByteCursor cursor;
  private final long function;
  private final long callSites;

  /**
   * @param cursor over exactly the record
   * @param low first link-time address of the region
   */
  Region(ByteCursor cursor, long low) {
    this.low = low;
    this.flags = cursor.u8();
    this.sizeBytes = cursor.uleb();
    this.cursor = cursor;
    this.function = has(RegionFormat.HAS_FUNCTION) ? place(cursor) : NO_PLACE;
    this.callSites = has(RegionFormat.HAS_CALL_SITES) ? cursor.u32() : NO_PLACE;
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

  /** Returns what is in force at an address; to be called once. */
  At at(long linkAddress) {
    long offset = linkAddress - low;
    return new At(positionAt(offset), callsAt(offset), constantsAt(offset));
  }

  /**
   * What is in force at one address.
   *
   * @param position null when no line is known
   */
  record At(@Nullable Position position, List<Call> calls, List<Constant> constants) {}

  private @Nullable Position positionAt(long wanted) {
    if (!has(RegionFormat.HAS_POSITIONS)) {
      return null;
    }
    boolean withSource = naming() == Naming.NOTHING;
    Position found = null;
    long at = 0;
    long count = cursor.uleb();
    for (long i = 0; i != count; i++) {
      at += cursor.uleb();
      long place = cursor.uleb();
      int discriminator = discriminator(place);
      long line = withSource ? cursor.uleb() : 1;
      long file = withSource ? place(cursor) : NO_PLACE;
      if (Long.compareUnsigned(at, wanted) <= 0) {
        found =
            new Position(
                (line & 1) != 0, file, (int) (line >>> 1), (int) (place >>> 1), discriminator);
      }
    }
    return found;
  }

  private List<Call> callsAt(long wanted) {
    if (!has(RegionFormat.HAS_CALLS)) {
      return List.of();
    }
    List<Call> found = new ArrayList<>();
    long count = cursor.uleb();
    for (long i = 0; i != count; i++) {
      int depth = depth();
      boolean covers = rangeCovers(wanted);
      long place = cursor.uleb();
      int discriminator = discriminator(place);
      if (covers) {
        found.add(new Call(depth, (int) (place >>> 1), discriminator));
      }
    }
    return found;
  }

  private List<Constant> constantsAt(long wanted) {
    if (!has(RegionFormat.HAS_CONSTANTS)) {
      return List.of();
    }
    List<Constant> found = new ArrayList<>();
    while (cursor.hasRemaining()) {
      int depth = depth();
      boolean covers = rangeCovers(wanted);
      long argument = cursor.u32();
      if (covers) {
        found.add(new Constant(depth, argument));
      }
    }
    return found;
  }

  private int depth() {
    return (int) Math.min(cursor.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  private boolean rangeCovers(long wanted) {
    long start = cursor.uleb();
    return Long.compareUnsigned(wanted - start, cursor.uleb()) < 0;
  }

  private int discriminator(long place) {
    return (place & 1) == 0 ? 0 : (int) cursor.uleb();
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private static long place(ByteCursor cursor) {
    int place = cursor.s32();
    return place == RegionFormat.NO_STRING ? NO_PLACE : Integer.toUnsignedLong(place);
  }
}
