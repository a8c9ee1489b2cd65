package dropsite.symbols;

/**
 * A named address range of an image.
 *
 * @param name as in the symbol table, suffixes included
 * @param linkAddress first byte, unsigned; in a relocatable file the address that the image's
 *     layout gave it
 * @param sizeBytes 0 when the symbol table records none
 * @param function whether the symbol is marked as a function
 * @param section name of the section it lies in; empty when not known
 */
public record Symbol(
    String name, long linkAddress, long sizeBytes, boolean function, String section) {

  /** Returns whether the symbol's recorded size covers an address. */
  public boolean covers(long address) {
    return Long.compareUnsigned(address - linkAddress, sizeBytes) < 0;
  }
}
