package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RulesCommandTest {
  private static final String RECORDING =
      Path.of("..", "testdata", "captures", "6.12", "text", "udp_closed_port.ftrace.txt")
          .toString();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @Test
  void listShowsALineForEachRuleOfAClass() throws IOException {
    CommandRun run = CommandRun.of("rules", "list", "--class", "neighbour");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .isNotEmpty()
        .allMatch(line -> line.contains("neighbour."))
        .anyMatch(line -> line.startsWith("neighbour-queue-full "));
    assertThat(CommandRun.of("rules", "list", "--class", "nothing").exitCode()).isEqualTo(1);
  }

  @Test
  void listShowsTheRulesOfAReasonAsJson() throws IOException {
    CommandRun run =
        CommandRun.of("rules", "list", "--reason", "skb_drop_reason_tcp_csum", "--json");
    JsonNode rules = new ObjectMapper().readTree(run.out()).get("rules");
    assertThat(rules).hasSize(1);
    assertThat(rules.get(0).get("class").asText()).isEqualTo("checksum.tcp");
    assertThat(rules.get(0).get("causes")).isNotEmpty();
    assertThat(rules.get(0).get("next").get(0).get("command").asText()).isNotEmpty();
  }

  @Test
  void showFindsRulesByIdReasonAndClass() throws IOException {
    for (String name : new String[] {"rp-filter", "IP_RPFILTER", "route.rp-filter"}) {
      CommandRun run = CommandRun.of("rules", "show", name);
      assertThat(run.exitCode()).as(name).isZero();
      assertThat(run.out()).as(name).contains("rp-filter: reverse path filter", "  causes ");
    }
    CommandRun none = CommandRun.of("rules", "show", "no-such-rule");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).contains("no-such-rule");
    assertThat(CommandRun.of("rules", "show", "netfilter.ip.input").err())
        .contains("IPv4 LOCAL_IN; no rule gives this class: the functions of hooks");
  }

  @Test
  void testSaysWhichRuleWinsAndWhatKeepsOthersFromHolding() throws IOException {
    CommandRun run =
        CommandRun.of(
            "rules",
            "test",
            "--reason",
            "IP_INHDR",
            "--stack",
            "ip_forward,ip_rcv",
            "--rule",
            "vlan-place");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("is route.ttl, confidence high")
        .containsPattern("wins +130  ttl-expired: reason: IP_INHDR \\(100\\)")
        .containsPattern("holds +100  ip-header-anywhere")
        .containsPattern("not +ttl-expired-by-packet: packet: ttl: 0..1")
        .containsPattern("not +vlan-place: ");
  }

  @Test
  void testTakesThePacketOfADescribedCase() throws IOException {
    String multicast = "450000200001000001110000" + "0a000001" + "ef010101" + "0001000200000000";
    assertThat(
            CommandRun.of("rules", "test", "--stack", "ip_rcv_finish_core", "--packet", multicast)
                .out())
        .contains("is route.multicast, confidence high");
    assertThat(CommandRun.of("rules", "test", "--packet", "zz").exitCode()).isEqualTo(2);
    String advertisement =
        "6000000000083aff" + "0".repeat(31) + "1" + "0".repeat(31) + "1" + "8800000000000000";
    assertThat(
            CommandRun.of("rules", "test", "--stack", "icmpv6_rcv", "--packet", advertisement)
                .out())
        .contains("is benign.consumed, confidence low");
  }

  @Test
  void testTriesTheDropsOfARecording() throws IOException {
    CommandRun run = CommandRun.of("rules", "test", "--json", RECORDING);
    JsonNode cases = new ObjectMapper().readTree(run.out()).get("cases");
    assertThat(cases)
        .anyMatch(each ->
            each.get("class").asText().equals("socket.none.udp")
                && each.get("holding").get(0).get("specificity").asInt() > 0);
    assertThat(run.err()).contains(RECORDING + ": tried without symbols");
  }

  @Test
  void testChecksRulesOfOnesOwn() throws IOException {
    assertThat(CommandRun.of("rules", "test").out()).contains("rules, ", "well-formed");
    Files.writeString(folder.resolve("own.yaml"), "rules: [{id: a, class: b}]");
    CommandRun wrong = CommandRun.of("rules", "test", "--rules", folder.toString());
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).contains("own.yaml: rules[0]: class: no such class: b");
    assertThat(CommandRun.of("rules", "list", "--rules", folder + "/none").exitCode()).isEqualTo(1);
    for (String text :
        List.of(
            "classes: [{id: a..b, severity: drop, meaning: m}]",
            "classes: [{id: '', severity: drop, meaning: m}]",
            "steps: {a: {run: 'ip link show {interface', why: w}}")) {
      Files.writeString(folder.resolve("own.yaml"), text);
      assertThat(CommandRun.of("rules", "test", "--rules", folder.toString()).err())
          .as(text)
          .contains("own.yaml: ", "expected");
    }
    Files.writeString(folder.resolve("own.yaml"), "[".repeat(100_000));
    CommandRun deep = CommandRun.of("rules", "test", "--rules", folder.toString());
    assertThat(deep.exitCode()).isEqualTo(1);
    assertThat(deep.err()).hasLineCount(1).contains("own.yaml: ");
    Files.delete(folder.resolve("own.yaml"));
    Files.createDirectory(folder.resolve("own.yaml"));
    assertThat(CommandRun.of("rules", "test", "--rules", folder.toString()).err())
        .contains("own.yaml: is no regular file");
  }

  @Test
  void wordsThatAreNoActionAreRefused() throws IOException {
    assertThat(CommandRun.of("rules", "drop").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("rules", "show").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("rules", "test", "--reason", "X", RECORDING).exitCode()).isEqualTo(2);
  }
}
