package dropsite.capture.redact;

/**
 * The checksum of the internet protocols, changed by what changes beneath it (RFC 1624, equation
 * 3), so that a right one stays right and a wrong one stays wrong by the same amount.
 */
final class Checksum {
  private static final int ALL_ONES = 0xffff;

  private Checksum() {}

  /**
   * Returns by how much the sum over a part grew, which began at an even place of what is summed.
   *
   * @param from its first byte
   * @param to one past its last byte
   */
  static long growth(byte[] before, byte[] after, int from, int to) {
    long growth = 0;
    for (int i = from; i < to; i++) {
      long change = (long) (after[i] & 0xff) - (before[i] & 0xff);
      growth += (i - from) % 2 == 0 ? change << Byte.SIZE : change;
    }
    return growth;
  }

  /** Returns the checksum after the sum that it complements grew. */
  static int updated(int checksum, long growth) {
    return ~folded((long) (~checksum & ALL_ONES) + growth) & ALL_ONES;
  }

  /** Returns a sum in ones' complement; 0 only for 0. */
  static int folded(long sum) {
    // Modulo 0xffff is what adding the carries back amounts to.
    int rest = (int) Math.floorMod(sum, (long) ALL_ONES);
    return rest == 0 && sum != 0 ? ALL_ONES : rest;
  }

  /** Returns the sum of a part in 16 bits each. */
  static long sum(byte[] bytes, int from, int to) {
    return growth(new byte[to], bytes, from, to);
  }
}
