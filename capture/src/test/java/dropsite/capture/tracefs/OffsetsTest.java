package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import dropsite.capture.tracefs.Offsets.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OffsetsTest {
  private static final String FIRST = "# dropsite offsets 1\n";

  @Test
  void theTextReadsBack() {
    Offsets offsets =
        new Offsets(
            "abc0",
            "6.1.0-56-cloud-amd64",
            "DWARF",
            Map.of(
                "sk_buff.head", Place.of(200 * 8, 64),
                "sk_buff.pkt_type", Place.of(128 * 8 + 2, 3),
                "net_device.nd_net.net", Place.of(1280 * 8, 64)));
    assertThat(offsets.text())
        .isEqualTo(
            FIRST
                + "build-id abc0\nrelease 6.1.0-56-cloud-amd64\norigin DWARF\n"
                + "net_device.nd_net.net 1280 8\nsk_buff.head 200 8\nsk_buff.pkt_type 128 2.3\n");
    assertThat(Offsets.parse("file", offsets.text())).isEqualTo(offsets);
  }

  @Test
  void remarksAndEmptyLinesAreLeftOut() {
    assertThat(Offsets.parse("file", FIRST + "\n# made on a laptop\nsk_buff.head 200 8\n").places())
        .containsExactly(Map.entry("sk_buff.head", new Place(200, 8, 0, 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"head 200 8", "sk_buff.head 200", "sk_buff.head -1 8", "sk_buff.head)) 1 8", "x"})
  void otherLinesAreRefusedWithTheirNumber(String line) {
    assertThatThrownBy(() -> Offsets.parse("file", FIRST + "origin BTF\n" + line + "\n"))
        .isInstanceOf(MalformedInputException.class)
        .hasMessage("file: line 3 is no member and its place");
  }

  @Test
  void anyOtherTextIsRefused() {
    assertThatThrownBy(() -> Offsets.parse("file", "sk_buff.head 200 8\n"))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageStartingWith("file: does not begin with \"# dropsite offsets 1\"");
    assertThatThrownBy(() -> Offsets.parse("file", "")).isInstanceOf(MalformedInputException.class);
  }
}
