package dropsite.analyze.firewall;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * What a packet has in a field, or what a rule compares it with: an unsigned number of at most 128
 * bits, such as a port or an address, or a text, such as the name of a device.
 *
 * @param text null for numbers
 */
record Value(long high, long low, @Nullable String text) implements Comparable<Value> {
  /** The packet has no such header. */
  static final Value ABSENT = new Value(-1, -1, "");

  /** Returns whether the packet has no such header. */
  boolean absent() {
    return text != null && low != 0;
  }

  static Value of(long number) {
    return new Value(0, number, null);
  }

  static Value of(String text) {
    return new Value(0, 0, text);
  }

  /** Takes the bits of big-endian bytes, at most 16. */
  static Value of(byte[] bytes, int offset, int length) {
    long high = 0;
    long low = 0;
    for (int i = offset; i < offset + length; i++) {
      high = (high << Byte.SIZE) | (low >>> (Long.SIZE - Byte.SIZE));
      low = (low << Byte.SIZE) | (bytes[i] & 0xff);
    }
    return new Value(high, low, null);
  }

  static Value of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return of(bytes, 0, bytes.length);
  }

  /** Returns an address that stands in numbers; null when the text is none. Asks no name server. */
  static @Nullable Value address(String text) {
    boolean four = text.indexOf(':') < 0;
    if (text.length() > 45 || !text.matches(four ? "\\d{1,3}(\\.\\d{1,3}){3}" : "[0-9A-Fa-f:.]+")) {
      return null;
    }
    try {
      return of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Returns a MAC address as a number; null when the text is none. */
  static @Nullable Value mac(String text) {
    String[] parts = text.split(":", 7);
    if (parts.length != 6) {
      return null;
    }
    long number = 0;
    for (String part : parts) {
      if (!part.matches("[0-9A-Fa-f]{1,2}")) {
        return null;
      }
      number = (number << Byte.SIZE) | Integer.parseInt(part, 16);
    }
    return of(number);
  }

  /** Returns a number in decimal, or in hexadecimal behind 0x; null when the text is none. */
  static @Nullable Value number(String text) {
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    String digits = hex ? text.substring(2) : text;
    if (digits.length() > 39 || !digits.matches(hex ? "[0-9A-Fa-f]+" : "[0-9]+")) {
      return null;
    }
    BigInteger number = new BigInteger(digits, hex ? 16 : 10);
    return number.bitLength() > 128
        ? null
        : new Value(number.shiftRight(64).longValue(), number.longValue(), null);
  }

  /** Returns the value whose upper bits of a width are set. */
  static Value prefixMask(int prefix, int width) {
    Value all = ones(width);
    Value rest = ones(width - prefix);
    return new Value(all.high & ~rest.high, all.low & ~rest.low, null);
  }

  /** Returns the value whose lower bits are set, as many as asked for (0 to 128). */
  static Value ones(int bits) {
    return new Value(
        bits <= 64 ? 0 : -1L >>> (128 - bits),
        bits >= 64 ? -1 : bits <= 0 ? 0 : -1L >>> (64 - bits),
        null);
  }

  Value and(Value mask) {
    return new Value(high & mask.high, low & mask.low, null);
  }

  Value or(Value other) {
    return new Value(high | other.high, low | other.low, null);
  }

  Value not(int width) {
    return new Value(~high, ~low, null).and(ones(width));
  }

  @Override
  public int compareTo(Value other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }
}
