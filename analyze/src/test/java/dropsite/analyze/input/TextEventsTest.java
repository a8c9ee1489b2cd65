package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Stacks in the texts of our own scripts, and in ftrace's, with what introduces them. */
final class TextEventsTest {
  private static final String BPFTRACE =
      """
      Attaching 3 probes...
      ==> dropsite-bpftrace 1 <==
      ==> kernel <==
      release 6.12.1
      ==> events <==
      """;

  private static final String CAPTURE = "==> dropsite-capture 1 <==\n==> events <==\n";

  private static final String SCRIPTED =
      "EV 22684324118870 cpu=1 pid=21326 tid=21330 skb=0xffff888149c2d700 loc=0xffffffff820490cc"
          + " proto=0x800 reason=3 len=9 ifindex=1 netns=4026531833 src=10.1.0.2 dst=224.0.0.1"
          + " ipproto=17 sport=51594 dport=53 if=eth0\\x00\\x00 comm=my prog\\x00\\x00\n\n"
          + "\tffffffff81e44fd0 a+144\n\tffffffff820490cc b+1212\n\n";

  @Test
  void aScriptedEventGivesAllFacts() throws IOException {
    EventFacts facts = only(BPFTRACE + SCRIPTED).facts();
    assertThat(facts)
        .isEqualTo(
            new EventFacts(
                22684324118870L,
                "my prog",
                21326,
                "eth0",
                4026531833L,
                3L,
                null,
                null,
                0xffffffff820490ccL,
                new PacketSummary("UDP", "10.1.0.2", "224.0.0.1", 51594, 53, true)));
  }

  @Test
  void aScriptedEventWithoutStackIsAtItsLocation() throws IOException {
    String without = SCRIPTED.substring(0, SCRIPTED.indexOf('\n')) + "\n\n\n";
    List<StackEvent> events = events(BPFTRACE + without + SCRIPTED + without);
    StackFrame place = StackFrame.ofAddress(0xffffffff820490ccL);
    assertThat(events)
        .extracting(event -> event.frames().size(), event -> event.frames().contains(place))
        .containsExactly(tuple(1, true), tuple(2, false), tuple(1, true));
  }

  @Test
  void aScriptedEventOfIpv6GivesItsAddresses() throws IOException {
    String line =
        SCRIPTED
            .replace("proto=0x800", "proto=0x86dd")
            .replace("src=10.1.0.2 dst=224.0.0.1 ipproto=17", "src=fd01::2 dst=::1 ipproto=6");
    PacketSummary packet = only(BPFTRACE + line).facts().packet();
    assertThat(packet).isEqualTo(new PacketSummary("TCP", "fd01::2", "::1", 51594, 53, false));
  }

  @Test
  void aScriptedEventWithoutIpIsKnownByItsEthertype() throws IOException {
    String line =
        """
        EV 7 cpu=1 pid=2 proto=0x88b5 reason=104 len=19 ifindex=0 netns=0 if=\\x00 comm=x\\x00

        \tffffffff81e44fd0 a+144

        """;
    EventFacts facts = only(BPFTRACE + line).facts();
    assertThat(facts.packet())
        .isEqualTo(new PacketSummary("ethertype 0x88b5", null, null, 0, 0, false));
    assertThat(facts.interfaceName()).isNull();
    assertThat(facts.netns()).isNull();
  }

  @Test
  void whatATaskIsCalledIsNoKey() throws IOException {
    String line = SCRIPTED.replace("comm=my prog", "comm=a pid=1 comm=b");
    EventFacts facts = only(BPFTRACE + line).facts();
    assertThat(facts.pid()).isEqualTo(21326);
    assertThat(facts.comm()).isEqualTo("a pid=1 comm=b");
  }

  @Test
  void escapedBytesOfANameAreItsBytesAgain() throws IOException {
    String line = SCRIPTED.replace("comm=my prog", "comm=\\x1b[31m\\xc3\\xa4\\x0a\\xzz");
    assertThat(only(BPFTRACE + line).facts().comm()).isEqualTo("\u001b[31m\u00e4\n\\xzz");
  }

  @Test
  void onlyTheSectionOfEventsHoldsStacks() throws IOException {
    String rules =
        """
        ==> nft before netns=1 <==
         => in_a_comment+0x1/0x2 <ffffffff81000001>
        ==> events <==
        """;
    List<StackEvent> events =
        events(CAPTURE + frames("a") + rules + frames("b") + "==> losses <==\n" + frames("c"));
    assertThat(events)
        .extracting(event -> event.frames().getFirst().symbol())
        .containsExactly("a", "b");
  }

  @Test
  void partsOfATasksNameAreNoFrames() throws IOException {
    String hostile =
        """
          x
          => ab
         1-2-300 [001] ..s1. 10.000001: kfree_skb: skbaddr=ffff888149c2d700 protocol=2048 location=ffffffff820490cc reason: NO_SOCKET
          x
          => ab
         1-2-300 [001] ..s1. 10.000002: <stack trace>
          => a+0x1/0x2 <ffffffff81000001>
        """;
    StackEvent event = only(CAPTURE + hostile);
    assertThat(event.frames()).hasSize(1);
    assertThat(event.facts().pid()).isEqualTo(300);
    assertThat(event.facts().reasonName()).isEqualTo("NO_SOCKET");
    assertThat(event.facts().location()).isEqualTo(0xffffffff820490ccL);
  }

  @Test
  void aTasksNameThatLooksLikeAnEventDoesNotReplaceIt() throws IOException {
    StackEvent event =
        only(
            traced("a-1 [0] 1.000000: x", 7, 3, "5.000001", "NO_SOCKET")
                + announced(3, "5.000002")
                + frames("a"));
    assertThat(event.facts().comm()).isEqualTo("a-1 [0] 1.000000: x");
    assertThat(event.facts().pid()).isEqualTo(7);
    assertThat(event.facts().timeNanos()).isEqualTo(5_000_001_000L);
  }

  @Test
  void aStackBelongsToTheEventOfItsOwnCpu() throws IOException {
    List<StackEvent> events =
        events(
            traced("x", 1, 0, "5.000001", "ONE")
                + traced("y", 2, 1, "5.000002", "TWO")
                + announced(0, "5.000003")
                + frames("a")
                + announced(1, "5.000004")
                + frames("b"));
    assertThat(events)
        .extracting(event -> event.facts().reasonName())
        .containsExactly("ONE", "TWO");
    assertThat(events).extracting(event -> event.facts().comm()).containsExactly("x", "y");
  }

  @Test
  void anInterruptsEventStandsWithinAnother() throws IOException {
    List<StackEvent> events =
        events(
            traced("x", 1, 0, "5.000001", "OUTER")
                + traced("x", 1, 0, "5.000002", "INNER")
                + announced(0, "5.000003")
                + frames("a")
                + announced(0, "5.000004")
                + frames("b"));
    assertThat(events)
        .extracting(event -> event.facts().reasonName())
        .containsExactly("INNER", "OUTER");
  }

  @Test
  void anEventWhoseStackIsMissingLendsItsFactsToNoOther() throws IOException {
    List<StackEvent> events =
        events(
            traced("x", 1, 0, "5.000001", "LOST")
                + traced("x", 1, 0, "5.000002", "KEPT")
                + announced(0, "5.000003")
                + frames("a"));
    assertThat(events).extracting(event -> event.facts().reasonName()).containsExactly("KEPT");
  }

  @Test
  void linesThatHeadAListingOfFilesAreNoSections() throws IOException {
    List<StackEvent> events =
        events("==> one.txt <==\n" + frames("a") + "==> two.txt <==\n" + frames("b"));
    assertThat(events).hasSize(2);
  }

  @Test
  void aLaterFormatIsRefused() {
    assertThatThrownBy(() -> events("==> dropsite-capture 2 <==\n"))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("dropsite-capture 2");
  }

  /** Whatever happens to a text, reading it ends, and only addresses that stand in it come out. */
  @Test
  void damagedTextIsReadToItsEnd() throws IOException {
    Random random = new Random(20261121);
    byte[] text =
        (BPFTRACE + SCRIPTED.repeat(3) + traced("x", 1, 0, "5.000001", "A") + announced(0, "5.1"))
            .getBytes(StandardCharsets.ISO_8859_1);
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = text.clone();
      for (int i = random.nextInt(20); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        for (StackEvent event : events(damaged)) {
          assertThat(event.frames()).isNotEmpty();
        }
      } catch (MalformedInputException e) {
        assertThat(e).hasMessageContaining("later dropsite");
      }
    }
  }

  private static String traced(String comm, int pid, int cpu, String seconds, String reason) {
    return String.format(
        " %16s-%-7d [%03d] ..s1. %s: kfree_skb: skbaddr=ffff888149c2d700 protocol=2048 reason:"
            + " %s\n",
        comm, pid, cpu, seconds, reason);
  }

  private static String announced(int cpu, String seconds) {
    return String.format(" x-1 [%03d] ..s1. %s: <stack trace>\n", cpu, seconds);
  }

  private static String frames(String name) {
    return "  => " + name + "+0x1/0x2 <ffffffff81000001>\n  => z+0x5/0x9 <ffffffff81000009>\n";
  }

  private static StackEvent only(String text) throws IOException {
    List<StackEvent> events = events(text);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  private static List<StackEvent> events(String text) throws IOException {
    return events(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static List<StackEvent> events(byte[] text) throws IOException {
    return Texts.events("text", text);
  }
}
