package dropsite.capture.redact;

import java.util.Arrays;

/**
 * A packet as it was and as it becomes: what the layers of a {@link PacketRedactor} work on.
 *
 * <p>Positions may lie beyond the end, since packets are cut and lie about their lengths: what is
 * not there reads as 0 and is not written.
 */
final class PacketCopy {
  static final int V4_BYTES = 4;
  static final int V6_BYTES = 16;

  private final byte[] before;
  private final byte[] after;
  private final AddressMap addresses;
  private final MacMap macs;

  PacketCopy(byte[] packet, AddressMap addresses, MacMap macs) {
    this.before = packet;
    this.after = packet.clone();
    this.addresses = addresses;
    this.macs = macs;
  }

  int length() {
    return before.length;
  }

  boolean has(int at, int count) {
    return at >= 0 && count >= 0 && at <= before.length - count;
  }

  /** Returns the smaller of a position and the end. */
  int bounded(int at) {
    return Math.min(at, before.length);
  }

  int u8(int at) {
    return has(at, 1) ? before[at] & 0xff : 0;
  }

  int u16(int at) {
    return u8(at) << Byte.SIZE | u8(at + 1);
  }

  /** Maps an IP address of 4 or 16 bytes. */
  void address(int at, int sizeBytes) {
    if (has(at, sizeBytes)) {
      set(at, addresses.map(Arrays.copyOfRange(before, at, at + sizeBytes)));
    }
  }

  /** Maps as many IPv6 addresses as lie before a position. */
  void addresses(int from, int to) {
    for (int at = from; at + V6_BYTES <= to; at += V6_BYTES) {
      address(at, V6_BYTES);
    }
  }

  /** Maps a prefix of which not all 16 bytes need be there. */
  void prefix(int at, int sizeBytes, int bits) {
    if (has(at, sizeBytes)) {
      byte[] address = Arrays.copyOf(Arrays.copyOfRange(before, at, at + sizeBytes), V6_BYTES);
      set(at, Arrays.copyOf(addresses.mapPrefix(address, bits), sizeBytes));
    }
  }

  void mac(int at) {
    if (has(at, MacMap.BYTES)) {
      set(at, macs.map(Arrays.copyOfRange(before, at, at + MacMap.BYTES)));
    }
  }

  void zero(int from, int to) {
    Arrays.fill(after, Math.min(from, after.length), Math.min(to, after.length), (byte) 0);
  }

  private void set(int at, byte[] bytes) {
    System.arraycopy(bytes, 0, after, at, bytes.length);
  }

  /** Returns by how much the sum over a part grew. */
  long growth(int from, int to) {
    return Checksum.growth(before, after, from, bounded(to));
  }

  /** Returns the sum over a part as it was. */
  long sum(int from, int to) {
    return Checksum.sum(Arrays.copyOfRange(before, from, bounded(to)), 0, bounded(to) - from);
  }

  /** Adapts the checksum at a place to a sum that grew. */
  void checksum(int at, long growth) {
    if (has(at, Short.BYTES) && growth != 0) {
      setChecksum(at, Checksum.updated(u16(at), growth));
    }
  }

  void setChecksum(int at, int value) {
    set(at, new byte[] {(byte) (value >> Byte.SIZE), (byte) value});
  }

  /** Returns what has become of its first bytes. */
  byte[] result(int end) {
    return Arrays.copyOf(after, bounded(end));
  }
}
