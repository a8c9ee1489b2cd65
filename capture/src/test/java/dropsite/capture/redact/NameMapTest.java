package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NameMapTest {
  private final NameMap map = new NameMap(AddressMapTest.key(), NameMap.DEVICES);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lo",
        "eth0",
        "eth0.100",
        "enp3s0f1",
        "eno1",
        "ens160",
        "wlp2s0",
        "bond0",
        "docker0",
        "virbr0",
        "flannel.1",
        "kube-ipvs0",
        "tun0",
        "wg0",
        "*",
        ""
      })
  void namesThatTellOfNobodyAreKept(String name) {
    assertThat(map.map(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme-uplink", "corp0", "dmz", "vethacme1", "br-acme", "Office_7"})
  void othersKeepTheirShapeOnly(String name) {
    String mapped = map.map(name);
    assertThat(mapped).isNotEqualTo(name);
    assertThat(mapped.replaceAll("[a-z]", "a").replaceAll("[A-Z]", "A").replaceAll("[0-9]", "0"))
        .isEqualTo(name.replaceAll("[a-z]", "a").replaceAll("[A-Z]", "A").replaceAll("[0-9]", "0"));
  }

  @Test
  void namesThatBeginAlikeStillDo() {
    assertThat(map.map("corp17")).startsWith(map.map("corp"));
    assertThat(map.map("corp+")).isEqualTo(map.map("corp") + "+");
    assertThat(map.map("ethcorp")).startsWith("eth");
  }

  @Test
  void differentNamesStayDifferent() {
    Set<String> mapped = new HashSet<>();
    for (char c = 'a'; c <= 'z'; c++) {
      for (char d = 'a'; d <= 'z'; d++) {
        mapped.add(map.map("v" + c + d));
      }
    }
    assertThat(mapped).hasSize(26 * 26);
  }
}
