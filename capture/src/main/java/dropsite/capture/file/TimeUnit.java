package dropsite.capture.file;

/**
 * What times of an interface count (option if_tsresol).
 *
 * @param binary whether the unit is a power of 2, not of 10
 * @param exponent the power, negated
 */
record TimeUnit(boolean binary, int exponent) {
  static final TimeUnit MICROSECONDS = new TimeUnit(false, 6);
  static final TimeUnit NANOSECONDS = new TimeUnit(false, 9);

  private static final int NANO_EXPONENT = 9;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** The largest power of two below a billion: with as many bits nothing overflows. */
  private static final int SAFE_BITS = 30;

  /** Returns the unit that the option's byte says. */
  static TimeUnit of(int option) {
    return new TimeUnit((option & 0x80) != 0, option & 0x7f);
  }

  /** Returns a time in nanoseconds. */
  long nanos(long time) {
    if (binary) {
      if (exponent >= Long.SIZE) {
        return 0;
      }
      long fraction = time & ((1L << exponent) - 1);
      int bits = Math.min(exponent, SAFE_BITS);
      long nanos = ((fraction >>> (exponent - bits)) * NANOS_PER_SECOND) >>> bits;
      return (time >>> exponent) * NANOS_PER_SECOND + nanos;
    }
    long nanos = time;
    for (int power = exponent; power < NANO_EXPONENT; power++) {
      nanos *= 10;
    }
    for (int power = exponent; power > NANO_EXPONENT; power--) {
      nanos = Long.divideUnsigned(nanos, 10);
    }
    return nanos;
  }
}
