package dropsite.analyze.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of snapshots, as tools and kernels print them, and as nobody should. */
final class SnapshotTextTest {

  @Test
  void itemsBeforeTheDamageAreRead() {
    assertThat(names("[{\"a\":\"1\"},{\"a\":\"2\"}]")).containsExactly("1", "2", "whole");
    assertThat(names("[{\"a\":\"1\"},{\"a\":\"2\"")).containsExactly("1");
    assertThat(names("[{\"a\":\"1\"},{\"a\":nonsense}]")).containsExactly("1");
    assertThat(names("Object \"nft\" is unknown")).isEmpty();
    assertThat(names("")).isEmpty();
  }

  @Test
  void namesMayHoldAnyBytes() {
    assertThat(names("[{\"a\":\"x\u0001\ufffd\u202e\"}]"))
        .containsExactly("x\u0001\ufffd\u202e", "whole");
  }

  @Test
  void whatIsTooDeepOrTooLargeEndsTheList() {
    assertThat(names("[{\"a\":\"1\"},{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}]"))
        .containsExactly("1");
    assertThat(names("[{\"a\":\"1\"},{\"a\":" + "[".repeat(1_000_000))).containsExactly("1");
    assertThat(names("[{\"a\":\"1\"},{\"b\":[" + "1,".repeat(1 << 17) + "1]},{\"a\":\"2\"}]"))
        .containsExactly("1");
  }

  @Test
  void pairsOfLinesAreNamedAsByNstat() {
    String snmp =
        """
        Ip: Forwarding DefaultTTL OutNoRoutes
        Ip: 1 64 18446744073709551615
        Tcp: RtoAlgorithm MaxConn InCsumErrors
        Tcp: 1 -1 3
        Udp: NoPorts
        Icmp: InMsgs
        Icmp: 7 8 9
        """;
    assertThat(Counters.pairs(bytes(snmp)))
        .containsEntry("IpOutNoRoutes", -1L)
        .containsEntry("TcpInCsumErrors", 3L)
        .containsEntry("IcmpInMsgs", 7L)
        .doesNotContainKeys("TcpMaxConn", "UdpNoPorts");
  }

  @Test
  void tablesAreSummedOverCpus() {
    String conntrack =
        """
        entries  clashres found drop early_drop
        0000000a  00000000 00000001 00000010 00000000
        0000000a  00000000 00000001 00000002 00000001
        """;
    assertThat(Counters.table(bytes(conntrack), "c."))
        .containsEntry("c.entries", 10L)
        .containsEntry("c.drop", 18L)
        .containsEntry("c.early_drop", 1L);
    assertThat(Counters.softnet(bytes("00000142 0000000a 00000001\n00000142 00000001 00000000\n")))
        .isEqualTo(Map.of("softnet.dropped", 11L));
  }

  @Test
  void settingsKeepTheirNamesAndTabs() {
    Sysctls sysctls =
        new Sysctls(
            bytes("net/ipv4/conf/a.9/rp_filter = 1\nnet/ipv4/tcp_rmem = 4096\t131072\n= 1\n"));
    assertThat(sysctls.ofDevice("a.9", "rp_filter", 0)).isEqualTo(1);
    assertThat(sysctls.get("net/ipv4/tcp_rmem")).isEqualTo("4096\t131072");
    assertThat(Sysctls.name("net/ipv4/conf/a.9/rp_filter"))
        .isEqualTo("net/ipv4/conf/a.9/rp_filter");
    assertThat(Sysctls.name("net/ipv4/conf/a/rp_filter")).isEqualTo("net.ipv4.conf.a.rp_filter");
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/33", "localhost", "fe80::1%lo", "10.0.0.0/-2", "10.0.0.0/x", "''"})
  void whatIsNoPrefixIsNone(String text) {
    assertThat(Prefix.of(text, false)).isNull();
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    if (JsonList.read(bytes(text), item -> names.add(item.get("a").text()))) {
      names.add("whole");
    }
    return names;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
