package dropsite.dwarf;

/**
 * Where a member of a structure lies.
 *
 * @param offsetBits from the structure's start, in the order of memory
 * @param sizeBits of the whole member; 0 where its type does not tell
 */
public record MemberPlace(long offsetBits, long sizeBits) {}
