package dropsite.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside libpcap and tcpdump. */
@Tag("peers")
final class PcapExpressionPeerTest {
  private static final int LINKTYPE_RAW = 101;
  private static final int PACKETS = 1_000;

  @TempDir private Path folder;

  @Test
  void expressionsCompileToWhatTcpdumpPrints() throws IOException, FilterException {
    for (Map.Entry<String, CbpfProgram> each : RecordedPrograms.read().entrySet()) {
      assertThat(PcapExpression.compile(each.getKey()))
          .as(each.getKey())
          .isEqualTo(each.getValue());
    }
  }

  @Test
  void anExpressionIsTriedWhenTheCommandLineIsParsed() throws FilterException {
    FilterParser parser = new FilterParser(folder, Map.of());
    assertThat(parser.parse(expression("len > 100")).expression()).isEqualTo("len > 100");
    assertThatThrownBy(() -> parser.parse(expression("port port")))
        .isInstanceOf(FilterException.class)
        .hasMessageStartingWith("--filter: libpcap says of \"port port\": ");
  }

  private static FilterTexts expression(String text) {
    FilterTexts none = FilterTexts.NONE;
    return new FilterTexts(
        none.comm(),
        none.pid(),
        none.netns(),
        none.networkInterface(),
        none.protocol(),
        none.address(),
        none.port(),
        none.reason(),
        text);
  }

  @Test
  void theSamePacketsPassAsTcpdumpLetsThrough() throws IOException, InterruptedException {
    List<byte[]> packets = new ArrayList<>();
    RandomPackets random = new RandomPackets(4);
    while (packets.size() < PACKETS) {
      byte[] packet = random.next();
      // tcpdump reads no packets without bytes.
      if (packet.length > 0) {
        packets.add(packet);
      }
    }
    Path capture = folder.resolve("packets.pcap");
    Files.write(capture, pcap(packets));
    for (Map.Entry<String, CbpfProgram> each : RecordedPrograms.read().entrySet()) {
      List<Integer> expected = passed(capture, each.getKey());
      List<Integer> actual = new ArrayList<>();
      for (int i = 0; i < packets.size(); i++) {
        if (each.getValue().matches(packets.get(i), originalBytes(packets.get(i), i))) {
          actual.add(i);
        }
      }
      assertThat(actual).as(each.getKey()).isEqualTo(expected);
    }
  }

  private static int originalBytes(byte[] packet, int number) {
    return packet.length + number % 2 * 500;
  }

  /** Returns the numbers of the packets, which their time stamps carry. */
  private List<Integer> passed(Path capture, String expression)
      throws IOException, InterruptedException {
    Path out = folder.resolve("passed.pcap");
    Process tcpdump =
        new ProcessBuilder(
                "tcpdump", "-r", capture.toString(), "-w", out.toString(), "--", expression)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertThat(tcpdump.waitFor()).as(Files.readString(folder.resolve("said"))).isZero();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> numbers = new ArrayList<>();
    bytes.position(24);
    while (bytes.hasRemaining()) {
      numbers.add(bytes.getInt());
      bytes.getInt();
      int size = bytes.getInt();
      bytes.getInt();
      bytes.position(bytes.position() + size);
    }
    return numbers;
  }

  private static byte[] pcap(List<byte[]> packets) {
    ByteBuffer bytes =
        ByteBuffer.allocate(24 + packets.stream().mapToInt(p -> 16 + p.length).sum())
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    bytes.putInt(262_144).putInt(LINKTYPE_RAW);
    for (int i = 0; i < packets.size(); i++) {
      byte[] packet = packets.get(i);
      bytes.putInt(i).putInt(0).putInt(packet.length).putInt(originalBytes(packet, i)).put(packet);
    }
    return bytes.array();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tcp and              | --filter: libpcap says of "tcp and": can't parse filter expression: syntax error
          vlan 5               | --filter: libpcap says of "vlan 5": no VLAN support for Raw IP
          arp                  | --filter: libpcap says of "arp": expression rejects all packets
          ip6 protochain 6     | --filter: "ip6 protochain 6" cannot be used: it jumps back, as protochain does, or out of itself; filters in the kernel may not
          inbound              | --filter: "inbound" cannot be used: it asks for what is not in the packet, as inbound does
          """)
  void whatCannotBeUsedIsRefusedInOneLine(String expression, String message) {
    assertThatThrownBy(() -> PcapExpression.compile(expression))
        .isInstanceOf(FilterException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }
}
