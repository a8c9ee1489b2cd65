package dropsite.capture.redact;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Maps IP addresses by Crypto-PAn, but for what their class tells.
 *
 * <p>Kept as they are: "this" network (0.0.0.0/8), loopback, IPv4 link-local, multicast, reserved
 * and broadcast (224.0.0.0/3), and of IPv6 unspecified, loopback and multicast. What lies in a
 * private, shared, link-local, global or other special range of the list below stays in that range.
 * The bits that lead to these ranges are thus not flipped: of 8.8.8.8 the first seven can be told,
 * since 10.0.0.0/8 is near.
 *
 * <p>Solicited-node groups hold the last bits of an address and are mapped within their range; IPv6
 * addresses that hold one of IPv4 are mapped as that.
 */
final class AddressMap {
  private static final int V4_BYTES = 4;
  private static final int EMBEDDED_AT = 12;

  /**
   * @param kept whether its addresses are not mapped at all
   */
  @SuppressWarnings("ArrayRecordComponent") // never changed
  private record Range(byte[] start, int bits, boolean kept) {
    static Range of(String text, int bits, boolean kept) {
      return new Range(InetAddress.ofLiteral(text).getAddress(), bits, kept);
    }
  }

  private static final List<Range> V4 =
      List.of(
          Range.of("0.0.0.0", 8, true),
          Range.of("127.0.0.0", 8, true),
          Range.of("169.254.0.0", 16, true),
          Range.of("224.0.0.0", 3, true),
          Range.of("10.0.0.0", 8, false),
          Range.of("100.64.0.0", 10, false),
          Range.of("172.16.0.0", 12, false),
          Range.of("192.168.0.0", 16, false));

  private static final Range MAPPED = embedding("0000:0000:0000:0000:0000:ffff:0000:0000");
  private static final Range NAT64 = embedding("0064:ff9b:0000:0000:0000:0000:0000:0000");
  private static final List<Range> V6 =
      List.of(
          Range.of("::", 127, true),
          MAPPED,
          NAT64,
          Range.of("2000::", 3, false),
          Range.of("2001::", 32, false), // Teredo
          Range.of("2002::", 16, false), // 6to4
          Range.of("fc00::", 8, false),
          Range.of("fd00::", 8, false),
          Range.of("fe80::", 64, false),
          Range.of("fec0::", 10, false),
          Range.of("ff00::", 8, true),
          Range.of("ff02::1:ff00:0", 104, false));

  private final CryptoPan pan;
  private final Cache<byte[]> cache = new Cache<>();

  AddressMap(byte[] key) {
    this.pan = new CryptoPan(key);
  }

  // InetAddress takes the mapped form for IPv4, so these are given by their hex digits.
  private static Range embedding(String groups) {
    return new Range(
        HexFormat.of().parseHex(groups.replace(":", "")), EMBEDDED_AT * Byte.SIZE, false);
  }

  /**
   * Returns what an address is mapped to.
   *
   * @param address 4 or 16 bytes
   */
  byte[] map(byte[] address) {
    return cache
        .get(new String(address, StandardCharsets.ISO_8859_1), () -> fresh(address))
        .clone();
  }

  /** Returns what a prefix is mapped to: where its hosts are mapped to, with the bits beyond 0. */
  byte[] mapPrefix(byte[] address, int bits) {
    byte[] mapped = map(address);
    for (int position = Math.max(bits, 0); position < mapped.length * Byte.SIZE; position++) {
      mapped[position / Byte.SIZE] &= (byte) ~(0x80 >> position % Byte.SIZE);
    }
    return mapped;
  }

  private byte[] fresh(byte[] address) {
    if (address.length != V4_BYTES && (within(address, MAPPED) || within(address, NAT64))) {
      byte[] mapped = address.clone();
      byte[] embedded = Arrays.copyOfRange(address, EMBEDDED_AT, address.length);
      System.arraycopy(map(embedded), 0, mapped, EMBEDDED_AT, V4_BYTES);
      return mapped;
    }
    int unmapped = unmappedBits(address, address.length == V4_BYTES ? V4 : V6);
    return pan.map(address, position -> position >= unmapped);
  }

  private static boolean within(byte[] address, Range range) {
    return commonBits(address, range.start) >= range.bits;
  }

  /**
   * A bit is not flipped when the bits before it may still lead to one of the ranges. The narrowest
   * range around an address says whether it is kept.
   */
  private static int unmappedBits(byte[] address, List<Range> ranges) {
    int bits = 0;
    int narrowest = -1;
    boolean kept = false;
    for (Range range : ranges) {
      int common = commonBits(address, range.start);
      bits = Math.max(bits, Math.min(common + 1, range.bits));
      if (common >= range.bits && range.bits > narrowest) {
        narrowest = range.bits;
        kept = range.kept;
      }
    }
    return kept ? address.length * Byte.SIZE : bits;
  }

  /** Returns with how many equal bits two addresses begin. */
  static int commonBits(byte[] one, byte[] other) {
    int differs = Arrays.mismatch(one, other);
    return differs < 0
        ? one.length * Byte.SIZE
        : differs * Byte.SIZE
            + Integer.numberOfLeadingZeros((one[differs] ^ other[differs]) & 0xff)
            - (Integer.SIZE - Byte.SIZE);
  }
}
