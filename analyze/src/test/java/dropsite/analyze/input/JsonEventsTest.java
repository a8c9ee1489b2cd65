package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import dropsite.capture.DropEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonEventsTest {
  private static final String UDP =
      "45000020000100004011000ac0000201c0000202"
          + "1234" // source port
          + "0035" // destination port
          + "000c0000";

  @Test
  void fieldsBecomeFacts() throws IOException {
    List<StackEvent> events =
        read(
            "{\"time_ns\": 5, \"location\": \"0xffffffff81000010\", \"reason\": 11, \"pid\": 7,"
                + " \"comm\": \"tg\", \"ifname\": \"p2\", \"netns_dev\": 1, \"netns_sk\": 2,"
                + " \"protocol\": 2048, \"network\": 16, \"packet_offset\": 16, \"packet\": \""
                + UDP
                + "\", \"other\": {\"deep\": [1, {}]},"
                + " \"stack\": [\"0xffffffff81000010\", 12]}\n"
                + "{\"stack\": [\"0x1\"]}\n");
    assertThat(events).hasSize(2);
    StackEvent event = events.getFirst();
    assertThat(event.line()).isEqualTo(1);
    assertThat(events.get(1).line()).isEqualTo(2);
    assertThat(event.frames())
        .containsExactly(StackFrame.ofAddress(0xffffffff81000010L), StackFrame.ofAddress(12));
    DropEvent recorded = event.facts().drop();
    assertThat(recorded).isNotNull();
    assertThat(PacketHeaders.of(recorded.packet()).destinationPort()).isEqualTo(53);
    assertThat(event.facts())
        .usingRecursiveComparison()
        .ignoringFields("drop")
        .isEqualTo(
            new EventFacts(
                5L,
                "tg",
                7,
                "p2",
                2L,
                11L,
                null,
                null,
                0xffffffff81000010L,
                new PacketSummary("UDP", "192.0.2.1", "192.0.2.2", 0x1234, 53, false)));
  }

  @Test
  void packetsAreToldInWords() throws IOException {
    String event = "{\"protocol\": %d, \"packet\": \"%s\", \"stack\": [1]}";
    assertThat(packet(event.formatted(0x800, UDP))).isEqualTo("UDP 192.0.2.1:4660 to 192.0.2.2:53");
    assertThat(packet(event.formatted(0x800, UDP.substring(0, 30)))).isEqualTo("IPv4");
    assertThat(packet(event.formatted(0x806, ""))).isEqualTo("ARP");
    assertThat(packet(event.formatted(0x88b5, "00"))).isEqualTo("ethertype 0x88b5");
    assertThat(
            packet(
                event.formatted(
                    0x86dd,
                    "6000000000103afffe80"
                        + "00".repeat(13)
                        + "01"
                        + "ff02"
                        + "00".repeat(13)
                        + "16")))
        .isEqualTo("ICMPv6 fe80::1 to ff02::16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"stack\": [1]}\n{\"stack\": 5}",
        "{\"stack\": [1]}\n{\"stack\": [\"0xzz\"]}",
        "{\"stack\": [1]}\n{\"stack\": [true]}",
        "{\"stack\": [1]}\n{\"stack\": [1], \"packet\": \"0g\", \"protocol\": 1}",
        "{\"stack\": [1]}\n{\"stack\": [1], \"comm\": []}",
        "{\"stack\": [1]}\n{\"stack\": [1], \"comm\": \"a\tb\"}",
        "{\"stack\": [1]}\n[]",
        "{\"stack\": [1]}\n{\"stack\": [1",
        "{\"stack\": [1]}\n{\"stack\": [123456789012345678901234567890]}"
      })
  void whatIsWrongIsSaidWithItsLine(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageStartingWith("events.jsonl: line 2: ");
  }

  @Test
  void zeroBytesAreTextLikeAnyOther() throws IOException {
    byte[] text = "no\0 stack\nip_rcv+69\n".getBytes(StandardCharsets.UTF_8);
    try (EventReader events = Recordings.open("f", new ByteArrayInputStream(text))) {
      assertThat(events.next()).isNotNull();
      assertThat(events.next()).isNull();
    }
  }

  private static String packet(String json) throws IOException {
    PacketSummary packet = read(json).getFirst().facts().packet();
    return packet == null ? "" : packet.inWords();
  }

  private static List<StackEvent> read(String json) throws IOException {
    List<StackEvent> events = new ArrayList<>();
    try (EventReader reader =
        Recordings.open(
            "events.jsonl", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))) {
      for (StackEvent event = reader.next(); event != null; event = reader.next()) {
        events.add(event);
      }
    }
    return events;
  }
}
