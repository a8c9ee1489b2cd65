package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MacMapTest {
  private final AddressMap addresses = new AddressMap(AddressMapTest.key());
  private final MacMap map = new MacMap(AddressMapTest.key(), addresses);

  private byte[] mapped(String mac) {
    return map.map(AddressText.parseMac(mac));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:fb",
        "33:33:00:00:00:01",
        "01:80:c2:00:00:00",
        "00:00:00:00:00:00"
      })
  void groupsAreKept(String mac) {
    assertThat(AddressText.mac(mapped(mac))).isEqualTo(mac);
  }

  @ParameterizedTest
  @ValueSource(strings = {"52:54:00:12:34:56", "00:1b:21:aa:bb:cc", "02:42:ac:11:00:02"})
  void othersKeepWhoAdministersThem(String mac) {
    byte[] before = AddressText.parseMac(mac);
    byte[] after = mapped(mac);
    assertThat(after).isNotEqualTo(before);
    assertThat(after[0] & 3).isEqualTo(before[0] & 3);
  }

  @Test
  void vendorsStayTogether() {
    assertThat(mapped("00:1b:21:aa:bb:cc"))
        .startsWith(Arrays.copyOf(mapped("00:1b:21:00:00:01"), 3));
  }

  @Test
  void solicitedNodeGroupsGoWithTheirAddress() {
    byte[] group = addresses.map(AddressText.parse("ff02::1:ff12:3456"));
    assertThat(mapped("33:33:ff:12:34:56"))
        .startsWith(0x33, 0x33, 0xff)
        .endsWith(group[13], group[14], group[15]);
  }
}
