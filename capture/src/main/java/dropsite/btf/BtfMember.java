package dropsite.btf;

/**
 * Where a member of a structure or union lies.
 *
 * @param offsetBits from the start of the outermost type asked about
 * @param sizeBits of the whole member; of an array, of all its elements
 * @param elements how many an array has; 0 of what is not an array
 * @param type as C spells it, such as {@code struct sk_buff *}
 */
public record BtfMember(long offsetBits, long sizeBits, long elements, String type) {

  /** Returns the offset in bytes of the byte that holds its first bit. */
  public long offsetBytes() {
    return offsetBits / Byte.SIZE;
  }

  /** Returns its size in bytes; 0 of a bit field smaller than that. */
  public long sizeBytes() {
    return sizeBits / Byte.SIZE;
  }

  /** Returns whether it does not begin or end with a byte. */
  public boolean bitField() {
    return offsetBits % Byte.SIZE != 0 || sizeBits % Byte.SIZE != 0;
  }
}
