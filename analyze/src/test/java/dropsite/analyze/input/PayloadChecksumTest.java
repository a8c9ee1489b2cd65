package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PayloadChecksumTest {
  private static final String ADDRESSES = "c0000201" + "c0000202";

  @ParameterizedTest
  @CsvSource(
      nullValues = "unknown",
      value = {
        "4500001c00000000 01020000, 1164ee9b00000000, false",
        "4500001c00000000 01020000, 1164ee9c00000000, true",
        "4500001d00000000 01020000, 1164ee9a0000000001, true",
        // More was sent than was recorded; a fragment.
        "4500002400000000 01020000, 1164ee9c00000000, unknown",
        "4500001c00002000 01020000, 1164ee9c00000000, unknown",
        // RFC 3720 B.4: 32 zeros; left to the device; too short.
        "4500003400000000 40840000, 0000000000000000aa36918a%40d, false",
        "4500003400000000 40840000, 0000000000000000aa36918b%40d, true",
        "4500003400000000 40840000, 000000000000000000000000%40d, unknown",
        "4500001800000000 40840000, 00000001, unknown",
        // UDP's may be a device's work.
        "4500001c00000000 40110000, 0001000200081234, unknown",
      })
  void isComputedAnew(String header, String payload, @Nullable Boolean bad) {
    String filled = payload.replace("%40d", "0".repeat(40));
    byte[] bytes = HexFormat.of().parseHex(header.replace(" ", "") + ADDRESSES + filled);
    DropEvent.Packet packet =
        new DropEvent.Packet(0x800, 0, -1, 0, -1, new byte[0], bytes, bytes.length);
    assertThat(PacketHeaders.of(packet).badChecksum()).isEqualTo(bad);
  }
}
