package dropsite.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.capture.DropFilter;
import dropsite.capture.DropFilter.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilterParserTest {
  private static final Map<Integer, String> REASONS =
      Map.of(
          2, "SKB_DROP_REASON_NOT_SPECIFIED",
          3, "SKB_DROP_REASON_NO_SOCKET",
          12, "SKB_DROP_REASON_NETFILTER_DROP",
          16, "SKB_DROP_REASON_IP_RPFILTER",
          0x20001, "RX_DROP_U_MIC_FAIL");

  @TempDir private Path root;

  @Test
  void nothingAskedLetsEverythingThrough() throws FilterException {
    assertThat(parse(FilterTexts.NONE)).isEqualTo(DropFilter.ALL);
  }

  @Test
  void listsAreSplitAtCommasAndJoinedOverOptionsWithoutRepeats() throws FilterException {
    DropFilter filter =
        parse(
            new FilterTexts(
                List.of("nginx,curl", "curl"),
                List.of("1, 2"),
                List.of(),
                List.of("eth0,lo"),
                List.of("tcp,17"),
                List.of("10.0.0.0/8,fd00::1"),
                List.of("80", "443"),
                List.of(),
                null));
    assertThat(filter.comms()).containsExactly("nginx", "curl");
    assertThat(filter.pids()).containsExactly(1, 2);
    assertThat(filter.interfaces()).containsExactly("eth0", "lo");
    assertThat(filter.protocols()).containsExactly(6, 17);
    assertThat(filter.ethertypes()).isEmpty();
    assertThat(filter.addresses())
        .containsExactly(
            new Prefix(InetAddress.ofLiteral("10.0.0.0"), 8),
            new Prefix(InetAddress.ofLiteral("fd00::1"), 128));
    assertThat(filter.ports()).containsExactly(80, 443);
  }

  @Test
  void taskNamesAreCutAsTheKernelCutsThem() throws FilterException {
    assertThat(parse(with("comm", "a-very-long-daemon-name")).comms())
        .containsExactly("a-very-long-dae");
  }

  @Test
  void numbersFrom0x600OnAreEthertypes() throws FilterException {
    DropFilter filter = parse(with("protocol", "arp,0x88b5,ip6"));
    assertThat(filter.ethertypes()).containsExactly(0x0806, 0x88b5, 0x86dd);
    assertThat(filter.protocols()).isEmpty();
  }

  @Test
  void reasonsAreTakenByNameWithAndWithoutPrefixAndByNumber() throws FilterException {
    String texts = "NETFILTER_DROP,SKB_DROP_REASON_NO_SOCKET,ip_rpfilter,77,RX_DROP_U_MIC_FAIL";
    assertThat(parse(with("reason", texts)).reasons()).containsExactly(12, 3, 16, 77, 0x20001);
  }

  @Test
  void aReasonIsNoneWhereTheKernelGivesNone() {
    assertThatThrownBy(
            () -> new FilterParser(root, Map.of()).parse(with("reason", "NETFILTER_DROP")))
        .hasMessage("--reason: this kernel gives no drop reasons");
  }

  @Test
  void namespacesAreFoundByNumberNameAndPath() throws IOException, FilterException {
    Files.createDirectories(root.resolve("proc/self/ns"));
    Files.createFile(root.resolve("proc/self/ns/net"));
    Files.createDirectories(root.resolve("proc/7/ns"));
    Path path = Files.createFile(root.resolve("proc/7/ns/net"));
    Files.createDirectories(root.resolve("run/netns"));
    Path blue = Files.createFile(root.resolve("run/netns/blue"));
    Path number = Files.createFile(root.resolve("run/netns/12"));
    assertThat(parse(with("netns", "4026531840,blue,/proc/7/ns/net,12")).netns())
        .containsExactly(4026531840L, inode(blue), inode(path), inode(number));
  }

  private static Long inode(Path path) throws IOException {
    return (Long) Files.getAttribute(path, "unix:ino");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          comm      | a,,b              | --comm: "a,,b" has an empty member
          comm      | 1,2,3,4,5,6,7,8,9 | --comm: 9 members; the kernel compares every drop with all of them, so 8 are the most
          pid       | nginx             | --pid: "nginx" is no number from 0 to 4194304
          pid       | -1                | --pid: "-1" is no number from 0 to 4194304
          netns     | red               | --netns: there is no /run/netns/red; ip netns list prints the names
          netns     | /proc/9/ns/net    | --netns: there is no /proc/9/ns/net
          interface | a/b               | --interface: "a/b" cannot be a name: at most 15 bytes, without slash
          interface | abcdefghijklmnop  | --interface: "abcdefghijklmnop" cannot be a name: at most 15 bytes, without slash
          protocol  | 300               | --protocol: 300 is neither a protocol of IP (0 to 255) nor an ethertype (0x600 to 0xffff)
          protocol  | 65536             | --protocol: "65536" is no number from 0 to 65535
          protocol  | tcp,arp           | --protocol: tcp,arp mixes protocols of the network layer (ip, ip6, arp) with those above it; name one kind
          address   | example.com       | --address: "example.com" is no address such as 192.0.2.1, and no prefix such as fd00::/8
          address   | 10.1              | --address: "10.1" is no address such as 192.0.2.1, and no prefix such as fd00::/8
          address   | 10.0.0.256        | --address: "10.0.0.256" is no address such as 192.0.2.1, and no prefix such as fd00::/8
          address   | 10.0.0.0/33       | --address: "33" is no number from 0 to 32
          address   | fe80::1%eth0      | --address: "fe80::1%eth0" is no address such as 192.0.2.1, and no prefix such as fd00::/8
          port      | 0                 | --port: "0" is no number from 1 to 65535
          port      | http              | --port: "http" is no number from 1 to 65535
          reason    | NO_SOKET          | --reason: this kernel has no "NO_SOKET"; it has NO_SOCKET
          reason    | DROP              | --reason: this kernel has no "DROP"; it has NETFILTER_DROP, RX_DROP_U_MIC_FAIL
          reason    | XYZZY             | --reason: this kernel has no "XYZZY"
          """)
  void everyMistakeIsOneLineThatNamesTheOption(String option, String text, String message) {
    assertThatThrownBy(() -> parse(with(option, text)))
        .isInstanceOf(FilterException.class)
        .hasMessage(message);
  }

  @Test
  void anUnknownProtocolListsTheKnownOnes() {
    assertThatThrownBy(() -> parse(with("protocol", "tpc")))
        .hasMessageStartingWith("--protocol: \"tpc\" is not known; a number, or one of ah, arp,");
  }

  private DropFilter parse(FilterTexts texts) throws FilterException {
    return new FilterParser(root, REASONS).parse(texts);
  }

  private static FilterTexts with(String option, String text) {
    return new FilterTexts(
        only("comm", option, text),
        only("pid", option, text),
        only("netns", option, text),
        only("interface", option, text),
        only("protocol", option, text),
        only("address", option, text),
        only("port", option, text),
        only("reason", option, text),
        null);
  }

  private static List<String> only(String wanted, String option, String text) {
    return wanted.equals(option) ? List.of(text) : List.of();
  }
}
