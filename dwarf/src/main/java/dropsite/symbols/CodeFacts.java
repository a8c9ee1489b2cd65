package dropsite.symbols;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What debugging information says of a stretch of code, and a {@link CodeRegion} has no place for.
 *
 * <p>Depth counts inlined calls: 0 is the concrete function, 1 what is inlined into it, and so on.
 *
 * @param low first link-time address
 * @param high one past the last
 * @param named by what
 * @param function name that the debugging information gives the concrete function; null when it has
 *     none there
 * @param positions by ascending address, the first at {@code low}; empty when no line is known
 * @param calls where inlined calls stand in their line
 * @param constants parameters with constant values; those of one depth in order of declaration
 * @param callSites what {@link Receiver#callSites} returned for the function; negative when it has
 *     none
 */
public record CodeFacts(
    long low,
    long high,
    Naming named,
    @Nullable String function,
    List<Position> positions,
    List<Call> calls,
    List<Constant> constants,
    int callSites) {

  /** Where the name of a stretch of code comes from. */
  public enum Naming {
    /** The symbol that covers it. */
    SYMBOL,
    /** The function that covers it; no symbol does. */
    FUNCTION,
    /** Nothing covers it, but lines are known: there is no {@link CodeRegion} for it. */
    NOTHING,
    /** A {@link CodeRegion} cannot say what is known of it: only the source itself can. */
    INEXPRESSIBLE
  }

  /**
   * A source position that holds from an address to the next one's.
   *
   * @param address link-time address
   * @param known whether a row of the line table covers it
   * @param file full path, kept only where there is no {@link CodeRegion}; null when unknown
   * @param line 1-based, kept only where there is no {@link CodeRegion}; 0 when unknown
   * @param column 1-based; 0 when unknown
   * @param discriminator 0 when none
   */
  public record Position(
      long address, boolean known, @Nullable String file, int line, int column, int discriminator) {

    /** Returns whether both say the same, wherever they begin. */
    public boolean saysAs(Position other) {
      return known == other.known
          && line == other.line
          && column == other.column
          && discriminator == other.discriminator
          && Objects.equals(file, other.file);
    }
  }

  /**
   * The call of an inlined function, in its caller's line.
   *
   * @param depth of the function called, at least 1
   * @param low first link-time address inlined there
   * @param high one past the last
   * @param column 1-based; 0 when unknown
   * @param discriminator 0 when none
   */
  public record Call(int depth, long low, long high, int column, int discriminator) {}

  /**
   * A parameter that has one value throughout a range.
   *
   * @param depth of the function whose parameter it is
   * @param low first link-time address
   * @param high one past the last
   */
  public record Constant(int depth, long low, long high, ConstantArgument argument) {}

  /** Takes the facts of a whole image. */
  public interface Receiver {
    /** Takes the facts of one stretch of code; called by several threads, in no order. */
    void facts(CodeFacts facts);

    /**
     * Takes the call sites of one function, before the facts that speak of them; called by several
     * threads.
     *
     * @param sites by ascending return address, at least one
     * @return what {@link CodeFacts#callSites} is to be, not negative
     */
    int callSites(List<CallSite> sites);

    /** Takes an enum type and its enumerators in order of declaration. */
    void enumeration(String name, Map<String, Long> enumerators);
  }
}
