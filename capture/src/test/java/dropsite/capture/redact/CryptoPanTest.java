package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.text.IpText;
import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the sample trace that the authors of Crypto-PAn published with their program. */
final class CryptoPanTest {
  private static final byte[] SAMPLE_KEY =
      HexFormat.of().parseHex("1522178d33a4cf80130a5b1649907d10d8988f837979652762574c2d2a842202");

  @ParameterizedTest
  @CsvSource({
    "128.11.68.132, 135.242.180.132",
    "129.118.74.4, 134.136.186.123",
    "130.132.252.244, 133.68.164.234",
    "141.223.7.43, 141.167.8.160",
    "152.163.225.39, 151.140.114.167",
    "192.102.249.13, 252.138.62.131",
    "208.147.89.59, 227.237.98.191",
    "24.0.250.221, 100.15.198.226",
    "38.15.67.68, 64.3.66.187",
    "4.3.88.225, 124.60.155.63",
    "10.185.25.118, 117.161.29.118",
    // The sample has no IPv6: what other programs of the same map give, the Tor project's among
    // them
    "::1, 78ff:f001:9fc0:20df:8380:b1f1:704:ed",
    "2001:db8::1, 4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e",
    "2001:db8::2, 4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c",
  })
  void mapsTheAuthorsSampleAsTheyDid(String address, String mapped) {
    byte[] result =
        new CryptoPan(SAMPLE_KEY)
            .map(InetAddress.ofLiteral(address).getAddress(), position -> true);
    assertThat(IpText.of(result)).isEqualTo(mapped);
  }
}
