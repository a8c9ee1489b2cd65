package dropsite.text;

import java.net.InetAddress;

/** Addresses of IP as the tools of the kernel write them (RFC 5952 for IPv6). */
public final class IpText {
  private static final int V4_BYTES = 4;
  private static final int V6_GROUPS = 8;

  private IpText() {}

  /** Returns an address as text; one of IPv6 with the longest run of zeros left out. */
  public static String of(InetAddress address) {
    return of(address.getAddress());
  }

  /**
   * Returns an address as text.
   *
   * @param address 4 or 16 bytes
   */
  public static String of(byte[] address) {
    if (address.length == V4_BYTES) {
      return dotted(address, 0);
    }
    int[] groups = new int[V6_GROUPS];
    for (int i = 0; i < V6_GROUPS; i++) {
      groups[i] = (address[2 * i] & 0xff) << Byte.SIZE | (address[2 * i + 1] & 0xff);
    }
    int gap = 0;
    int gapLength = 1; // a single zero is not left out
    for (int i = 0; i < V6_GROUPS; i++) {
      int end = i;
      while (end < V6_GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > gapLength) {
        gap = i;
        gapLength = end - i;
      }
    }
    if (gap == 0 && gapLength == 5 && groups[5] == 0xffff) {
      return "::ffff:" + dotted(address, 12);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < V6_GROUPS; i++) {
      if (gapLength > 1 && i == gap) {
        text.append("::");
        i += gapLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static String dotted(byte[] bytes, int from) {
    return (bytes[from] & 0xff)
        + "."
        + (bytes[from + 1] & 0xff)
        + "."
        + (bytes[from + 2] & 0xff)
        + "."
        + (bytes[from + 3] & 0xff);
  }
}
