package dropsite.capture.redact;

import dropsite.text.IpText;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds addresses in any text and maps them where they stand: IPv4, IPv6 and MAC, alone, with a
 * prefix length or mask, with a port, or two as a range.
 */
final class AddressFinder {
  private static final String RUN = "[0-9A-Fa-f:.]";

  /** Digits, colons and dots that are not part of a word. */
  private static final Pattern CANDIDATE =
      Pattern.compile("(?<![0-9A-Za-z_:.])" + RUN + "{2,64}(?![0-9A-Za-z_:])");

  private static final Pattern LENGTH = Pattern.compile("/(\\d{1,3})(?![0-9.])");
  private static final Pattern MASK = Pattern.compile("/(" + RUN + "{2,45})(?![0-9A-Za-z_])");
  private static final Pattern RANGE =
      Pattern.compile("-(" + RUN + "{2,45}?)(?![0-9A-Fa-f_]|[:.][0-9A-Fa-f])");
  private static final Pattern WITH_PORT = Pattern.compile("(\\d[\\d.]*)(:\\d{1,5})");

  private final AddressMap addresses;
  private final MacMap macs;

  AddressFinder(AddressMap addresses, MacMap macs) {
    this.addresses = addresses;
    this.macs = macs;
  }

  /** Returns the text with its addresses mapped. */
  String mapped(String text) {
    Matcher found = CANDIDATE.matcher(text);
    StringBuilder result = new StringBuilder(text.length());
    int done = 0;
    while (found.find(done)) {
      result.append(text, done, found.start());
      done = appendMapped(result, text, found.start(), found.group());
    }
    return result.append(text, done, text.length()).toString();
  }

  /** Returns where what has been dealt with ends. */
  private int appendMapped(StringBuilder result, String text, int start, String run) {
    if (run.indexOf('.') < 0 && run.indexOf(':') < 0) { // a number, as most are
      result.append(run);
      return start + run.length();
    }
    String candidate =
        run.replaceFirst("(?<!:):$|\\.$", ""); // ends a sentence or names what follows
    Matcher withPort = WITH_PORT.matcher(candidate);
    if (withPort.matches()) {
      candidate = withPort.group(1);
    }
    int end = start + candidate.length();
    byte[] mac = AddressText.parseMac(candidate);
    if (mac.length > 0) {
      return appendMac(result, text, candidate, mac, end);
    }
    byte[] address = AddressText.parse(candidate);
    if (address.length == 0) {
      result.append(longLinkLayer(candidate));
      return end;
    }
    Matcher length = LENGTH.matcher(text).region(end, text.length());
    if (length.lookingAt()) {
      int bits = Integer.parseInt(length.group(1));
      result.append(IpText.of(masked(address, bits))).append(length.group());
      return length.end();
    }
    Matcher mask = MASK.matcher(text).region(end, text.length());
    if (mask.lookingAt()) {
      byte[] bytes = AddressText.parse(mask.group(1));
      int bits = bytes.length == address.length ? bits(bytes) : -1;
      byte[] mapped = bits < 0 ? addresses.map(address) : masked(address, bits);
      result.append(IpText.of(mapped)).append(mask.group());
      return mask.end();
    }
    Matcher range = RANGE.matcher(text).region(end, text.length());
    if (range.lookingAt()) {
      byte[] last = AddressText.parse(range.group(1));
      if (last.length == address.length) {
        String[] ends = range(address, last);
        result.append(ends[0]).append('-').append(ends[1]);
        return range.end();
      }
    }
    result.append(IpText.of(addresses.map(address)));
    return end;
  }

  private int appendMac(StringBuilder result, String text, String from, byte[] mac, int end) {
    String mapped = AddressText.mac(macs.map(mac));
    result.append(from.matches(".*[A-F].*") ? mapped.toUpperCase(Locale.ROOT) : mapped);
    Matcher mask = MASK.matcher(text).region(end, text.length());
    if (mask.lookingAt() && AddressText.parseMac(mask.group(1)).length > 0) {
      result.append(mask.group());
      return mask.end();
    }
    return end;
  }

  /** An address with bits set beyond its prefix is that of a host. */
  private byte[] masked(byte[] address, int bits) {
    byte[] zeros = address.clone();
    for (int i = Math.min(bits, address.length * Byte.SIZE); i < address.length * Byte.SIZE; i++) {
      zeros[i / Byte.SIZE] &= (byte) ~(0x80 >> i % Byte.SIZE);
    }
    return Arrays.equals(zeros, address)
        ? addresses.mapPrefix(address, bits)
        : addresses.map(address);
  }

  /** Returns the length of a mask; -1 when its ones are not all in front. */
  private static int bits(byte[] mask) {
    byte[] ones = new byte[mask.length];
    Arrays.fill(ones, (byte) 0xff);
    int bits = AddressMap.commonBits(mask, ones);
    byte[] rest = mask.clone();
    for (int i = 0; i < bits; i++) {
      rest[i / Byte.SIZE] &= (byte) ~(0x80 >> i % Byte.SIZE);
    }
    return Arrays.equals(rest, new byte[rest.length]) ? bits : -1;
  }

  /** What maps prefixes keeps no order: a range becomes that of the prefix around both ends. */
  String[] range(byte[] first, byte[] last) {
    int bits = AddressMap.commonBits(first, last);
    byte[] low = addresses.mapPrefix(first, bits);
    byte[] high = low.clone();
    for (int i = bits; i < high.length * Byte.SIZE; i++) {
      high[i / Byte.SIZE] |= (byte) (0x80 >> i % Byte.SIZE);
    }
    return new String[] {IpText.of(low), IpText.of(high)};
  }

  /** Returns what a prefix is mapped to whose length stands elsewhere. */
  String prefix(String address, int bits) {
    byte[] bytes = AddressText.parse(address);
    return bytes.length == 0 ? mapped(address) : IpText.of(masked(bytes, bits));
  }

  /** Returns what an IPv4 address is mapped to that is given as a number. */
  int number(int address) {
    return ByteBuffer.wrap(
            addresses.map(ByteBuffer.allocate(Integer.BYTES).putInt(address).array()))
        .getInt();
  }

  /** Addresses of other link layers, such as the 20 bytes of InfiniBand, become zeros. */
  private static String longLinkLayer(String run) {
    return run.matches("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){6,31}")
        ? run.replaceAll("[0-9A-Fa-f]", "0")
        : run;
  }
}
