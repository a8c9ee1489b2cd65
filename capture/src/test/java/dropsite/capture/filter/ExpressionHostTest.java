package dropsite.capture.filter;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import dropsite.capture.DropFilter;
import dropsite.capture.ProbeOptions;
import dropsite.capture.bpf.BpfSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Expressions in the probe, in the kernel that the tests run on. */
@Tag("host")
final class ExpressionHostTest {
  private static final int CLOSED_PORT = 47_011;
  private static final int OTHER_CLOSED_PORT = 47_012;
  private static final long HALF_SECOND_NANOS = 500_000_000;

  @Test
  void theProbeTakesEveryRecordedExpression() throws Exception {
    for (String expression : RecordedPrograms.read().keySet()) {
      BpfSource.open(options(expression)).close();
    }
  }

  @Test
  void onlyPacketsThatMatchAreRecorded() throws Exception {
    List<String> recorded =
        ports(
            "udp dst port %d and udp[8:4] = 0x64726f70 and len > 30".formatted(CLOSED_PORT),
            InetAddress.ofLiteral("127.0.0.1"));
    assertThat(recorded).isNotEmpty().containsOnly("47011 drop");
  }

  @Test
  void packetsOfIpv6MatchToo() throws Exception {
    List<String> recorded =
        ports("ip6 and udp port %d".formatted(CLOSED_PORT), InetAddress.ofLiteral("::1"));
    assertThat(recorded).isNotEmpty().containsOnly("47011 drop", "47011 nope");
  }

  /** Returns the destination port and first four bytes of each datagram recorded. */
  private static List<String> ports(String expression, InetAddress loopback) throws Exception {
    int header = loopback.getAddress().length == 4 ? 20 : 40;
    List<String> recorded = new ArrayList<>();
    try (BpfSource source = BpfSource.open(options(expression))) {
      for (int port : new int[] {CLOSED_PORT, OTHER_CLOSED_PORT}) {
        for (String text : new String[] {"drop", "nope"}) {
          send(loopback, port, text);
        }
      }
      source.stop();
      source.poll(event -> recorded.add(destination(event, header)), HALF_SECOND_NANOS);
      assertThat(source.losses().filtered()).isPositive();
    }
    return recorded;
  }

  private static void send(InetAddress to, int port, String text) throws IOException {
    // A socket each: the ICMP error that comes back is told to the next user of a socket.
    try (DatagramSocket socket = new DatagramSocket()) {
      byte[] bytes = text.getBytes(US_ASCII);
      socket.send(new DatagramPacket(bytes, bytes.length, to, port));
    }
  }

  private static String destination(DropEvent event, int header) {
    byte[] bytes = event.packet().bytes();
    return TransportHeader.u16(bytes, header + 2)
        + " "
        + new String(bytes, header + 8, 4, US_ASCII);
  }

  private static ProbeOptions options(String expression) {
    DropFilter all = DropFilter.ALL;
    DropFilter filter =
        new DropFilter(
            all.comms(),
            all.pids(),
            all.netns(),
            all.interfaces(),
            all.ethertypes(),
            all.protocols(),
            all.addresses(),
            all.ports(),
            all.reasons(),
            expression);
    return new ProbeOptions(filter, false, 256, 0, 1 << 20, null);
  }
}
