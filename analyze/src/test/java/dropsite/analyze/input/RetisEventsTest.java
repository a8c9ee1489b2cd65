package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetisEventsTest {
  private static final String STARTUP =
      "{\"common\":{\"timestamp\":1},\"startup\":{\"retis_version\":\"v1.6.0\"}}\n";

  private static final String DROP =
      """
      {"common":{"smp_id":0,"task":{"comm":"nc","pid":78,"tgid":77},"timestamp":23868955449721},\
      "kernel":{"probe_type":"raw_tracepoint","symbol":"skb:kfree_skb","stack_trace":\
      ["kfree_skb_reason+0x8f","nf_hook_slow+0x45","0xffffffffc0a25120"]},\
      "skb-drop":{"drop_reason":"NETFILTER_DROP"},"dev":{"name":"p1","ifindex":2},\
      "netns":{"cookie":3,"inum":4026535848},"skb":{"new":[{"deep":1}]},\
      "packet":{"len":42,"capture_len":42,"data":\
      "AAAAAAAAAAAAAAAACABFAAAgAAEAAEARAADAAAIBwAACAhI0ADUADAAA"}}
      """;

  @Test
  void aStackComesWithWhatElseWasRecorded() throws IOException {
    List<StackEvent> events = read(STARTUP + DROP);
    assertThat(events).hasSize(1);
    StackEvent event = events.getFirst();
    assertThat(event.line()).isEqualTo(2);
    assertThat(event.title()).isEqualTo("skb:kfree_skb");
    assertThat(event.frames())
        .containsExactly(
            StackFrame.ofSymbol("kfree_skb_reason", 0x8f, -1),
            StackFrame.ofSymbol("nf_hook_slow", 0x45, -1),
            StackFrame.ofAddress(0xffffffffc0a25120L));
    assertThat(event.facts())
        .isEqualTo(
            new EventFacts(
                23868955449721L,
                "nc",
                77,
                "p1",
                4026535848L,
                null,
                "NETFILTER_DROP",
                null,
                null,
                new PacketSummary("UDP", "192.0.2.1", "192.0.2.2", 0x1234, 53, false)));
  }

  @Test
  void sortedEventsStandInArrays() throws IOException {
    String drop = DROP.strip();
    assertThat(read("[" + STARTUP.strip() + "]\n[" + drop + "," + drop + "]\n")).hasSize(2);
  }

  @Test
  void aKprobesStackBeginsWhereItIs() throws IOException {
    StackEvent event =
        read("{\"kernel\":{\"stack_trace\":[\"ip_rcv+0x45\",\"ip_rcv+0x45\"],"
                + "\"probe_type\":\"kprobe\"}}")
            .getFirst();
    assertThat(event.frames()).extracting(StackFrame::exact).containsExactly(true, false);
  }

  @Test
  void aNumberOfASubsystemIsNoReasonOfTheCore() throws IOException {
    String event =
        "{\"kernel\":{\"stack_trace\":[\"ip_rcv+0x45\"]},\"skb-drop\":{\"subsys\":%s,"
            + "\"drop_reason\":\"17\"}}";
    assertThat(read(event.formatted("null")).getFirst().facts().reasonNumber()).isEqualTo(17);
    assertThat(read(event.formatted("\"openvswitch\"")).getFirst().facts())
        .isEqualTo(EventFacts.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"common\":5,\"kernel\":[1],\"skb-drop\":null}",
        "{\"kernel\":{\"stack_trace\":null}}",
        "{\"kernel\":{\"stack_trace\":[]}}",
        "{\"kernel\":{\"stack_trace\":\"a\",\"later\":{}}}",
        "{\"skb-tracking\":{\"skb\":18446616546229617920}}"
      })
  void eventsWithoutAStackArePassedOver(String json) throws IOException {
    assertThat(read(json)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        STARTUP + "5",
        STARTUP + "{\"kernel\":{\"stack_trace\":[\"no frame\"]}}",
        STARTUP + "{\"kernel\":{\"stack_trace\":[[]]}}",
        STARTUP + "{\"kernel\":{\"stack_trace\":[\"a+0x1\"",
        STARTUP + "{\"common\":{\"task\":{\"tgid\":{}}}}"
      })
  void whatIsWrongIsSaidWithItsLine(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageStartingWith("retis.data: line 2: ");
  }

  private static List<StackEvent> read(String json) throws IOException {
    return Texts.events("retis.data", json.getBytes(StandardCharsets.UTF_8));
  }
}
