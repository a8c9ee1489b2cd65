package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"time_ns\": 5, \"stack\": [1]} | JsonEvents",
        "\t{\"comm\": \"a\\\"stack\\\":\", \"x\": {\"common\": [{}]}, \"stack\": [1]} | JsonEvents",
        "{} {\"pid\": 1} {\"stack\": [1]} | JsonEvents",
        "{\"type\": \"map\", \"data\": {}} | JsonEvents",
        "{\"data\": {}, \"type\": 1} | TextEvents",
        "{\"common\": {\"timestamp\": 1}} | RetisEvents",
        "[{\"common\": {\"timestamp\": 1}}] | RetisEvents",
        "{\"locks\": [\"stack\"], \"kernel_stack\": [] } | TextEvents",
        "{\"a\": [{\"kernel_stack\": [\"ip_rcv+0x45\"]}]} | KernelStackJson",
        "{\"deep\": {\"stack\": [1]}} | TextEvents",
        "[ 1.5] {\"stack\": [1]} | TextEvents",
        "stack: [1] | TextEvents",
        "{ | TextEvents",
        "{ stacktrace: \"stack\": } | TextEvents",
        "'' | TextEvents"
      })
  void theFormatIsChosenByWhatTheFileHolds(String text, String reader) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (EventReader events = Recordings.open("file", new ByteArrayInputStream(bytes))) {
      assertThat(events.getClass().getSimpleName()).isEqualTo(reader);
    }
  }

  @Test
  void jsonOfOtherToolsIsReadAsText() throws IOException {
    String text =
        """
        {
          "id": 1,
          "kernel_stack": [
            "ip_rcv+0x45 [kernel]"
          ]
        }
        """;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (EventReader events = Recordings.open("file", new ByteArrayInputStream(bytes))) {
      StackEvent event = events.next();
      assertThat(event).isNotNull();
      assertThat(event.line()).isEqualTo(4);
      assertThat(events.next()).isNull();
    }
  }

  @Test
  void stacksStandAnywhereInJsonWithoutLineEnds() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            [{"at":{"kernel_stack":["ip_rcv+0x45 [kernel]","nft_do_chain+0x3ef [nf_tables]",""],"n":{},"addresses":["0xffffffff81d40055","0xffffffffc03004ff","0x0"]}},
            {"addresses":[1],"kernel_stack":["ip_rcv+0x45"],"x":{"kernel_stack":["ip_rcv+0x46"],"addresses":{"deep":1}}}]
            """);
    assertThat(events).extracting(StackEvent::line).containsExactly(1L, 2L, 2L);
    assertThat(events)
        .extracting(StackEvent::frames)
        .containsExactly(
            List.of(
                StackFrame.ofSymbol("ip_rcv", 0x45, -1).at(0xffffffff81d40055L),
                StackFrame.ofSymbol("nft_do_chain", 0x3ef, -1)
                    .in("nf_tables")
                    .at(0xffffffffc03004ffL)),
            List.of(StackFrame.ofSymbol("ip_rcv", 0x45, -1)),
            List.of(StackFrame.ofSymbol("ip_rcv", 0x46, -1)));
  }

  @Test
  void pwruPutsAStackIntoOneTextOfItsJson() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            {"skb":"0xffff936378692ce8","process":"/usr/bin/curl:78","func":"skb_clone"}
            {"skb":"0xffff936378692ce8","cpu":3,"process":"/usr/bin/curl:78","func":"kfree_skb_reason(SKB_DROP_REASON_NETFILTER_DROP)","time":"x","netns":4026531840,"iface":"eth0:2","tuple":{"saddr":"192.0.2.1","daddr":"192.0.2.2","sport":4660,"dport":53,"proto":17},"stack":"\\nkfree_skb_reason\\nnft_do_chain[nf_tables]"}
            """);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().frames())
        .containsExactly(
            StackFrame.ofSymbol("kfree_skb_reason", -1, -1),
            StackFrame.ofSymbol("nft_do_chain", -1, -1).in("nf_tables"));
    assertThat(events.getFirst().facts())
        .isEqualTo(
            new EventFacts(
                null,
                "curl",
                78,
                "eth0",
                4026531840L,
                null,
                "NETFILTER_DROP",
                null,
                null,
                new PacketSummary("UDP", "192.0.2.1", "192.0.2.2", 4660, 53, false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kernel_stack\": [\"no frame\"]}",
        "{\"kernel_stack\": [\"ip_rcv+0x45\", null]}",
        "{\"kernel_stack\": [\"ip_rcv+0x45\"], \"addresses\": [\"0xzz\"]}",
        "{\"kernel_stack\": [\"ip_rcv+0x45\"",
        "{\"func\": \"f\", \"stack\": \"two words\"}",
        "{\"func\": \"f\", \"stack\": []}"
      })
  void whatIsWrongInJsonOfToolsIsSaidWithItsLine(String json) {
    assertThatThrownBy(() -> Texts.events(json))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageStartingWith("text: line 1: ");
  }

  @Test
  void noMoreIsReadThanTellsTheFormat() throws IOException {
    byte[] bytes = "{\"stack\":".getBytes(StandardCharsets.UTF_8);
    InputStream waiting =
        new InputStream() {
          private int position;

          @Override
          public int read() {
            assertThat(position).as("where a writer would be waited for").isLessThan(bytes.length);
            return bytes[position++];
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            into[offset] = (byte) read();
            return 1;
          }
        };
    assertThat(Recordings.open("pipe", waiting)).isInstanceOf(JsonEvents.class);
  }
}
