package dropsite.capture.redact;

import java.net.InetAddress;
import java.util.HexFormat;

/** Addresses as text: reads them strictly, and writes them as the tools of the kernel do. */
final class AddressText {
  private static final int V6_GROUPS = 8;

  private AddressText() {}

  /** Returns the 4 or 16 bytes of a literal; nothing when it is none. */
  static byte[] parse(String text) {
    boolean dotted = text.indexOf(':') < 0;
    if (dotted ? !text.matches("\\d{1,3}(\\.\\d{1,3}){3}") : !text.matches("[0-9A-Fa-f:.]{2,45}")) {
      return new byte[0];
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(text).getAddress();
      // Java reads ::ffff:10.0.0.1 as an address of IPv4.
      if (!dotted && bytes.length == PacketCopy.V4_BYTES) {
        byte[] mapped = new byte[PacketCopy.V6_BYTES];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, bytes.length);
        return mapped;
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** Returns the six bytes of a MAC address, whose parts may lack a leading zero. */
  static byte[] parseMac(String text) {
    String[] parts = text.split(":", -1);
    byte[] bytes = new byte[MacMap.BYTES];
    if (parts.length != bytes.length) {
      return new byte[0];
    }
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].matches("[0-9A-Fa-f]{1,2}")) {
        return new byte[0];
      }
      bytes[i] = (byte) HexFormat.fromHexDigits(parts[i]);
    }
    return bytes;
  }

  static String mac(byte[] bytes) {
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }

  /** RFC 5952 for IPv6. */
  static String format(byte[] address) {
    if (address.length == PacketCopy.V4_BYTES) {
      return dotted(address, 0);
    }
    int[] groups = new int[V6_GROUPS];
    for (int i = 0; i < V6_GROUPS; i++) {
      groups[i] = (address[2 * i] & 0xff) << Byte.SIZE | (address[2 * i + 1] & 0xff);
    }
    int gap = 0;
    int gapLength = 1;
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
