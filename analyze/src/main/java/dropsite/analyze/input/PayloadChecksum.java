package dropsite.analyze.input;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Checksums behind the IP header that no device fills in later, so that a wrong one in a recording
 * is wrong. Those of TCP and UDP may be a device's work yet to do.
 */
final class PayloadChecksum {
  private static final int IGMP = 2;
  private static final int SCTP = 132;
  private static final int SCTP_HEADER_BYTES = 12;
  private static final int SCTP_CHECKSUM_AT = 8;

  private PayloadChecksum() {}

  /**
   * Computes the checksum of a packet.
   *
   * @param protocol of its transport header (IPPROTO_*)
   * @param bytes from its IP header on
   * @param from where the transport header begins
   * @param end of the packet as its IP header says
   * @return null when not all of it was recorded, or it has none that can be judged
   */
  static @Nullable Boolean isBad(int protocol, byte[] bytes, int from, int end) {
    if ((protocol != IGMP && protocol != SCTP) || from <= 0 || end <= from || end > bytes.length) {
      return null;
    }
    byte[] payload = Arrays.copyOfRange(bytes, from, end);
    return protocol == IGMP ? Boolean.valueOf(!isSumRight(payload)) : isCrcWrong(payload);
  }

  /** RFC 1071: the sum over all 16-bit words, the checksum among them, is minus zero. */
  private static boolean isSumRight(byte[] payload) {
    long sum = 0;
    for (int i = 0; i < payload.length; i++) {
      sum += (long) (payload[i] & 0xff) << (i % 2 == 0 ? Byte.SIZE : 0);
    }
    while (sum >> Short.SIZE != 0) {
      sum = (sum & 0xffff) + (sum >> Short.SIZE);
    }
    return sum == 0xffff;
  }

  /** RFC 9260 appendix A: least significant byte first; zero is left to the device. */
  private static @Nullable Boolean isCrcWrong(byte[] payload) {
    if (payload.length < SCTP_HEADER_BYTES) {
      return null;
    }
    long found = 0;
    for (int i = Integer.BYTES - 1; i >= 0; i--) {
      found = found << Byte.SIZE | (payload[SCTP_CHECKSUM_AT + i] & 0xff);
      payload[SCTP_CHECKSUM_AT + i] = 0;
    }
    if (found == 0) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return crc.getValue() != found;
  }
}
