package dropsite.capture.redact;

import java.util.Arrays;

/**
 * Maps MAC addresses: groups, broadcast and zero are kept, and of all others whether they are
 * administered locally; the same vendor stays the same vendor.
 */
final class MacMap {
  static final int BYTES = 6;

  private static final int GROUP = 1;

  // Bits from the front: the last two of the first byte say group and local (IEEE 802, 8.2).
  private static final int LOCAL_BIT = 6;
  private static final int GROUP_BIT = 7;

  /** Of Ethernet groups, RFC 2464 section 7, for solicited-node groups, RFC 4291 section 2.7.1. */
  private static final byte[] SOLICITED = {0x33, 0x33, (byte) 0xff};

  private static final byte[] SOLICITED_NODE = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xff, 0, 0, 0
  };
  private static final int NODE_AT = 13;

  private final CryptoPan pan;
  private final AddressMap addresses;

  MacMap(byte[] key, AddressMap addresses) {
    this.pan = new CryptoPan(key);
    this.addresses = addresses;
  }

  /** Returns what a MAC address of 6 bytes is mapped to. */
  byte[] map(byte[] mac) {
    if (Arrays.equals(mac, 0, SOLICITED.length, SOLICITED, 0, SOLICITED.length)) {
      byte[] group = SOLICITED_NODE.clone();
      System.arraycopy(mac, SOLICITED.length, group, NODE_AT, BYTES - SOLICITED.length);
      byte[] mapped = mac.clone();
      System.arraycopy(
          addresses.map(group), NODE_AT, mapped, SOLICITED.length, BYTES - SOLICITED.length);
      return mapped;
    }
    if ((mac[0] & GROUP) != 0 || Arrays.equals(mac, new byte[BYTES])) {
      return mac.clone();
    }
    return pan.map(mac, position -> position != LOCAL_BIT && position != GROUP_BIT);
  }
}
