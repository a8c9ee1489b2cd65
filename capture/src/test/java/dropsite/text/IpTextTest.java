package dropsite.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpTextTest {

  @ParameterizedTest
  @CsvSource({
    "fd00:0:0:1:0:0:0:1, fd00:0:0:1::1",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "::1, ::1",
    "fe80::, fe80::",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "::, ::",
    "10.0.0.1, 10.0.0.1"
  })
  void addressesAreShort(String address, String text) {
    assertThat(IpText.of(InetAddress.ofLiteral(address))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000ffff0a000001, ::ffff:10.0.0.1",
    "00000000000000000000ffff00000000, ::ffff:0.0.0.0",
    "0000000000000000ffff00000a000001, ::ffff:0:a00:1"
  })
  void addressesOfVersionFourInSixShowThemselves(String bytes, String text) {
    assertThat(IpText.of(HexFormat.of().parseHex(bytes))).isEqualTo(text);
  }
}
