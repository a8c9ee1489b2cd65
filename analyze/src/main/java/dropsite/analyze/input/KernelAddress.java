package dropsite.analyze.input;

/** What addresses of the kernel look like where no name beside them tells. */
final class KernelAddress {
  /** 32-bit kernels lie in the upper half of their addresses, or above. */
  private static final long LOWEST_OF_32_BITS = 0x8000_0000L;

  private static final long HIGHEST_OF_32_BITS = 0xffff_ffffL;

  private KernelAddress() {}

  /**
   * Returns whether an address can only be one of the kernel's own. That of s390 cannot be told
   * from programs, as both have all of the addresses.
   */
  static boolean is(long address) {
    return address < 0 || (address >= LOWEST_OF_32_BITS && address <= HIGHEST_OF_32_BITS);
  }
}
