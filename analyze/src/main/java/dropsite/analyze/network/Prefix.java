package dropsite.analyze.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin alike.
 *
 * @param address the first of them
 * @param bits how many are the same in all
 */
record Prefix(InetAddress address, int bits) {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  Prefix {
    address = masked(address, bits);
  }

  /**
   * Reads {@code default}, {@code 10.0.0.0/8} or an address.
   *
   * @return null when it is none
   */
  static @Nullable Prefix of(String text, boolean ipv6) {
    if (text.equals("default") || text.equals("all")) {
      return everything(ipv6);
    }
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    return address == null
        ? null
        : of(address, slash < 0 ? -1 : Numbers.of(text.substring(slash + 1), -2));
  }

  /**
   * Makes one of an address.
   *
   * @param bits -1 for a single address
   * @return null when there cannot be so many
   */
  static @Nullable Prefix of(InetAddress address, long bits) {
    int all = address.getAddress().length * Byte.SIZE;
    return bits < -1 || bits > all ? null : new Prefix(address, bits == -1 ? all : (int) bits);
  }

  private static Prefix everything(boolean ipv6) {
    return new Prefix(ofBytes(new byte[ipv6 ? IPV6_BYTES : IPV4_BYTES]), 0);
  }

  /** Returns the address that a text writes in numbers; null when it writes none. */
  static @Nullable InetAddress address(String text) {
    if (text.isEmpty() || text.indexOf('%') >= 0) {
      return null; // what follows % would be looked up among our own devices
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns an address with all but its first bits zero. */
  static InetAddress masked(InetAddress address, int bits) {
    byte[] bytes = address.getAddress();
    if (bits == bytes.length * Byte.SIZE) {
      return address;
    }
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
      bytes[i] &= (byte) (0xff00 >> kept);
    }
    return ofBytes(bytes);
  }

  boolean contains(InetAddress other) {
    return isIpv6(other) == isIpv6(address) && masked(other, bits).equals(address);
  }

  static boolean isIpv6(InetAddress address) {
    return address.getAddress().length == IPV6_BYTES;
  }

  private static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("addresses have 4 or 16 bytes", e);
    }
  }
}
