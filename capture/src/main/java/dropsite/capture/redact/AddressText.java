package dropsite.capture.redact;

import java.net.InetAddress;
import java.util.HexFormat;

/** Reads addresses strictly; dropsite.text.IpText writes them. */
final class AddressText {
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
}
