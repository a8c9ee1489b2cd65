package dropsite.symbols;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of code under one name, with its lines and inlined calls: what a symbol file is made
 * of.
 *
 * @param name to print for the concrete function: its symbol, else its function
 * @param low first link-time address
 * @param high one past the last
 * @param rows by ascending address, the first at {@code low}; empty when no line is known
 * @param calls inlined into the function itself, each with what is inlined into it
 * @param callSites of the calls in the region that return, by ascending return address; empty where
 *     they were not asked for
 */
public record CodeRegion(
    String name, long low, long high, List<Row> rows, List<Call> calls, List<CallSite> callSites) {

  /**
   * A source position that holds from an address to the next row's.
   *
   * @param address link-time address
   * @param file full path; null when unknown
   * @param line 1-based; 0 when unknown
   */
  public record Row(long address, @Nullable String file, int line) {}

  /**
   * An inlined call.
   *
   * @param function name of the inlined function
   * @param callFile full path of the file with the call; null when unknown
   * @param callLine 1-based; 0 when unknown
   * @param ranges within the region, ascending and apart
   * @param calls inlined into this one; their ranges lie within its ranges
   */
  public record Call(
      String function,
      @Nullable String callFile,
      int callLine,
      List<Range> ranges,
      List<Call> calls) {}

  /** Link-time addresses from {@code low} up to, not including, {@code high}. */
  public record Range(long low, long high) {}
}
