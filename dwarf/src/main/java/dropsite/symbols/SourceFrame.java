package dropsite.symbols;

import org.jspecify.annotations.Nullable;

/**
 * One function at one source position: an element of the chain that an address stands for.
 *
 * <p>Chains are innermost first: the inlined functions covering the address, then the concrete
 * function. The line of the innermost frame is that of the line table row covering the address; the
 * line of every other frame is where it calls the frame before it.
 *
 * @param function name from the debugging information (linkage name if there is one), through
 *     abstract origins; null when unknown
 * @param symbol the symbol-table name of the concrete function ({@code foo.cold}); null for inlined
 *     frames and where no symbol covers the address
 * @param file full path as recorded, compilation directory and include directory joined; null when
 *     unknown
 * @param line 1-based; 0 when unknown or when the compiler attributes the code to no line
 * @param column 1-based; 0 when unknown
 * @param discriminator tells apart code of one line; 0 when none
 * @param inlined whether this frame is inlined into the next one
 */
public record SourceFrame(
    @Nullable String function,
    @Nullable String symbol,
    @Nullable String file,
    int line,
    int column,
    int discriminator,
    boolean inlined) {

  /** Returns the name to print: the symbol of a concrete function, else the function, else null. */
  public @Nullable String displayName() {
    return symbol != null ? symbol : function;
  }

  /** Returns the name without the suffixes that compilers add, for classification; or null. */
  public @Nullable String canonicalName() {
    String name = function != null ? function : symbol;
    return name == null ? null : CanonicalName.of(name);
  }
}
