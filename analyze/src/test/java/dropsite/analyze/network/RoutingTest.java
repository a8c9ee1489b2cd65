package dropsite.analyze.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules and routes of a namespace, against what {@code ip route get} said in it. */
final class RoutingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.98.1.1|blackhole 10.98.0.0/16", // Invalid argument
        "10.96.0.1|unreachable 10.96.0.0/16", // No route to host
        "10.90.1.1|102: from all to 10.90.0.0/16 blackhole", // Invalid argument
        "10.89.1.1|103: from all to 10.89.0.0/16 prohibit", // Permission denied
        "10.88.1.1|104: from all to 10.88.0.0/16 unreachable", // Network is unreachable
        "10.87.0.1|default via 10.1.0.1 dev x0",
        "10.94.1.1|10.94.0.0/16 via 10.1.0.1 dev x0 metric 10 mtu 1400",
        "10.95.1.1|default via 10.1.0.1 dev x0", // thrown out of its table
        "10.1.0.2|local 10.1.0.2 dev x0 proto kernel scope host src 10.1.0.2",
        "10.1.0.255|broadcast 10.1.0.255 dev x0 proto kernel scope link src 10.1.0.2",
        "10.1.0.9|10.1.0.0/24 dev x0 proto kernel scope link src 10.1.0.2",
      })
  void answersAsTheKernelDoes(String destination, String expected) throws IOException {
    assertThat(said("10.1.0.2", destination)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fd97::1|unreachable fd97::/32 dev lo metric 1024",
        "fd98::1|blackhole fd98::/32 dev lo metric 1024",
        "fd90::1|101: from all to fd90::/32 blackhole",
        "2001:db8::1|default via fd01::1 dev x0 metric 1024",
        "fd96::1|fd96::/32 from fd01::/64 via fd01::1 dev x0 metric 1024",
      })
  void answersAsTheKernelDoesForIpv6(String destination, String expected) throws IOException {
    assertThat(said("fd01::2", destination)).isEqualTo(expected);
  }

  @Test
  void whatIsNotRecordedMakesDoubts() throws IOException {
    Routing.Answer answer = answer("10.1.0.2", "10.2.3.4");
    assertThat(answer.doubts()).singleElement().asString().contains("105: from all lookup 100");
  }

  @Test
  void ofListsThatAreCutTheBeginningHoldsWithDoubt() throws IOException {
    byte[] routes = Parts.recorded("ip-route.json");
    Routing routing = Routing.of(null, Arrays.copyOf(routes, routes.length - 40), false);
    Routing.Answer answer = routing.lookup(flow("10.1.0.2", "10.98.1.1"), false, true);
    assertThat(Objects.requireNonNull(answer.route()).text()).isEqualTo("blackhole 10.98.0.0/16");
    assertThat(answer.doubts())
        .containsExactly(
            "policy rules were not recorded: the usual ones are assumed",
            "the recorded list of routes is not whole");
  }

  @Test
  void waysOverDeadLinksDoNotCount() {
    String routes =
        "[{\"dst\":\"default\",\"gateway\":\"10.1.0.1\",\"dev\":\"x0\",\"flags\":[\"linkdown\"]},"
            + "{\"dst\":\"10.0.0.0/8\",\"gateway\":\"10.1.0.1\",\"dev\":\"x0\",\"flags\":[\"dead\"]}]";
    Routing routing = Routing.of(null, routes.getBytes(StandardCharsets.UTF_8), false);
    Flow flow = flow("10.1.0.2", "10.2.3.4");
    assertThat(Objects.requireNonNull(routing.lookup(flow, false, true).route()).text())
        .startsWith("default");
    assertThat(routing.lookup(flow, false, false).none()).isTrue();
  }

  private static String said(String source, String destination) throws IOException {
    Routing.Answer answer = answer(source, destination);
    return answer.route() == null
        ? Objects.requireNonNull(answer.rule()).text()
        : answer.route().text();
  }

  private static Routing.Answer answer(String source, String destination) throws IOException {
    String suffix = destination.contains(":") ? "6" : "";
    return Routing.of(
            Parts.recorded("ip-rule" + suffix + ".json"),
            Parts.recorded("ip-route" + suffix + ".json"),
            !suffix.isEmpty())
        .lookup(flow(source, destination), false, true);
  }

  private static Flow flow(String source, String destination) {
    return new Flow(
        InetAddress.ofLiteral(source),
        InetAddress.ofLiteral(destination),
        Flow.LOOPBACK,
        0,
        0,
        17,
        40000,
        53,
        true);
  }
}
