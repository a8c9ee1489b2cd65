package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CommandTemplateTest {
  private static final Box BOX =
      new Box(
          "",
          "",
          "",
          "",
          "",
          Map.of(
              1L,
              new Namespace(1, List.of(), true, List.of(1), Map.of()),
              2L,
              new Namespace(2, List.of("a; reboot"), false, List.of(7), Map.of()),
              3L,
              new Namespace(3, List.of(), false, List.of(4711), Map.of())),
          List.of());

  private static List<String> commands(
      String template, @Nullable String device, @Nullable Long netns, Box box) {
    EventFacts facts =
        new EventFacts(
            null,
            null,
            null,
            device,
            netns,
            null,
            null,
            null,
            null,
            new PacketSummary("UDP", "10.0.0.1", "fd00::2", 53, 0, false));
    return new CommandTemplate(facts, box)
        .fill(List.of(new NextStep(template, "why"))).stream().map(NextStep::command).toList();
  }

  @Test
  void fillsInWhatWasRecordedAndLeavesTheRestInCapitals() {
    assertThat(
            commands(
                "x {interface} {source} {destination} {sport} {dport}", "eth0", 1L, Box.UNKNOWN))
        .containsExactly("x eth0 10.0.0.1 fd00::2 53 DPORT");
    assertThat(commands("sysctl net.ipv4.conf.{interface-key}.rp_filter", "eth0.100", 1L, BOX))
        .containsExactly("sysctl net.ipv4.conf.eth0/100.rp_filter");
  }

  @Test
  void hostileNamesStayOneWordOfTheShell() {
    assertThat(commands("ip link show {interface}", "a;reboot 'x' $(y)\n", null, Box.UNKNOWN))
        .containsExactly("ip link show 'a;reboot '\\''x'\\'' $(y)\n'");
    assertThat(commands("ip link show {interface}", "=x", null, Box.UNKNOWN))
        .containsExactly("ip link show '=x'");
    assertThat(commands("ip link show {interface}", "", null, Box.UNKNOWN))
        .containsExactly("ip link show ''");
  }

  @Test
  void runsInTheNamespaceOfThePacket() {
    assertThat(commands("ss -l", null, 1L, BOX)).containsExactly("ss -l");
    assertThat(commands("ss -l", null, 2L, BOX)).containsExactly("ip netns exec 'a; reboot' ss -l");
    assertThat(commands("ss -l", null, 3L, BOX))
        .containsExactly("nsenter --net=/proc/4711/ns/net ss -l");
    assertThat(commands("ss -l", null, 9L, BOX))
        .hasSize(2)
        .last()
        .isEqualTo("nsenter --net=/proc/PID/ns/net ss -l");
    assertThat(commands("ss -l", null, 2L, Box.UNKNOWN)).containsExactly("ss -l");
  }

  @Test
  void severalCommandsBecomeOneForThePrefix() {
    assertThat(commands("a {interface} | grep 'b'; c", "e'0", 3L, BOX))
        .containsExactly(
            "nsenter --net=/proc/4711/ns/net sh -c 'a '\\''e'\\''\\'\\'''\\''0'\\'' | grep"
                + " '\\''b'\\''; c'");
  }

  @Test
  void whatStandsInQuotesIsNoSyntax() {
    for (String one :
        List.of("nstat -az 'Udp*'", "a \"b; c\"", "a 'b'\\''(c)'", "a \\; '\n'", "a '\\'")) {
      assertThat(commands(one, null, 3L, BOX))
          .containsExactly("nsenter --net=/proc/4711/ns/net " + one);
    }
    for (String several :
        List.of("a 'b' | c 'd'", "a \"$b\"", "a \\' | b \\'", "a \"'\"; b \"'\"", "a '\\'; b")) {
      assertThat(commands(several, null, 3L, BOX)).first().asString().contains(" sh -c '");
    }
  }

  @Test
  void namesOfFilesAreCompletedInTheNamespace() {
    assertThat(commands("grep . /proc/net/bonding/*", null, 3L, BOX))
        .containsExactly("nsenter --net=/proc/4711/ns/net sh -c 'grep . /proc/net/bonding/*'");
    String queues = "grep . /sys/class/net/{interface}/queues/rx-*/rps_cpus";
    assertThat(commands(queues, "e0", 2L, BOX))
        .containsExactly(
            "ip netns exec 'a; reboot' sh -c 'grep . /sys/class/net/e0/queues/rx-*/rps_cpus'");
    assertThat(commands(queues, "e0", 3L, BOX))
        .containsExactly(
            "nsenter --net=/proc/4711/ns/net unshare -m sh -c 'mount -t sysfs none /sys && grep ."
                + " /sys/class/net/e0/queues/rx-*/rps_cpus'");
    assertThat(commands(queues, "e0", 1L, BOX))
        .containsExactly("grep . /sys/class/net/e0/queues/rx-*/rps_cpus");
  }

  @Test
  void whatShowsTheWholeBoxRunsAnywhere() {
    EventFacts facts = new EventFacts(null, null, null, null, 3L, null, null, null, null, null);
    assertThat(new CommandTemplate(facts, BOX).fill(List.of(new NextStep("dmesg", "why", false))))
        .extracting(NextStep::command)
        .containsExactly("dmesg");
  }
}
