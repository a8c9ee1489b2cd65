package dropsite.capture.bpf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.btf.Btf;
import dropsite.capture.DropEvent;
import dropsite.capture.DropFilter;
import dropsite.capture.Losses;
import dropsite.capture.ProbeOptions;
import dropsite.capture.SourceUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Puts the probe into the running kernel: takes root, BTF and libbpf. */
@Tag("host")
final class BpfSourceHostTest {
  private static final int UDP = 17;
  private static final int IPV4 = 0x0800;
  private static final long RING_BYTES = 1 << 20;

  /** How often a datagram is sent until one must have been recorded. */
  private static final int ATTEMPTS = 100;

  private static final long POLL_NANOS = 100_000_000;

  private final InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aDatagramToAClosedPortIsADrop(String address) throws Exception {
    try (BpfSource source = open(DropFilter.ALL);
        DatagramSocket sender = new DatagramSocket()) {
      InetSocketAddress closed =
          new InetSocketAddress(InetAddress.ofLiteral(address), closedPort());

      DropEvent event = recorded(source, sender, closed).orElseThrow();

      byte[] bytes = event.packet().bytes();
      int ports = address.contains(":") ? 40 : 20;
      assertThat(event.packet().protocol()).isEqualTo(ports == 40 ? 0x86dd : IPV4);
      assertThat(port(bytes, ports)).isEqualTo(sender.getLocalPort());
      assertThat(port(bytes, ports + 2)).isEqualTo(closed.getPort());
      assertThat(event.packet().originalBytes()).isEqualTo(bytes.length);
      assertThat(event.packet().macHeader()).as("the loopback's Ethernet header").hasSize(14);
      assertThat(event.reason())
          .isEqualTo(
              Btf.ofRunningKernel()
                  .enumerators("skb_drop_reason")
                  .getOrDefault("SKB_DROP_REASON_NO_SOCKET", (long) DropEvent.NO_REASON)
                  .intValue());
      assertThat(event.location()).isNotZero();
      assertThat(event.stack()).contains(event.location());
      assertThat(event.stackCut()).isFalse();
      assertThat(event.device().name()).isEqualTo("lo");
      assertThat(event.device().ifindex()).isEqualTo(1);
      assertThat(event.device().hardwareType()).isEqualTo(772);
      assertThat(event.device().netns()).isEqualTo(ownNamespace());
      assertThat(event.task().interrupted()).as("a softirq frees it").isTrue();
    }
  }

  @Test
  void eachFilterLetsThroughWhatItNamesAndNothingElse() throws Exception {
    try (DatagramSocket sender = new DatagramSocket()) {
      InetSocketAddress closed = new InetSocketAddress(loopback, closedPort());
      int port = closed.getPort();
      int noSocket =
          Btf.ofRunningKernel()
              .enumerators("skb_drop_reason")
              .getOrDefault("SKB_DROP_REASON_NO_SOCKET", (long) DropEvent.NO_REASON)
              .intValue();
      List<DropFilter> passing =
          List.of(
              filter("comm", ownComm()),
              filter("pid", (int) ProcessHandle.current().pid()),
              filter("netns", ownNamespace()),
              filter("interface", "lo"),
              filter("ethertype", IPV4),
              filter("protocol", UDP),
              filter("address", new DropFilter.Prefix(InetAddress.ofLiteral("127.0.0.0"), 8)),
              filter("port", port),
              filter("reason", noSocket),
              filter("expression", "udp dst port " + port));
      List<DropFilter> stopping =
          List.of(
              filter("comm", "no such task"),
              filter("pid", 1),
              filter("netns", 1L),
              filter("interface", "lo0"),
              filter("ethertype", 0x0806),
              filter("protocol", 6),
              filter("address", new DropFilter.Prefix(InetAddress.ofLiteral("128.0.0.0"), 8)),
              filter("address", new DropFilter.Prefix(InetAddress.ofLiteral("::"), 0)),
              filter("port", port ^ 1),
              filter("reason", 0x7fff),
              filter("expression", "tcp or udp src port " + port));
      for (DropFilter each : passing) {
        try (BpfSource source = open(each)) {
          assertThat(recorded(source, sender, closed)).as("%s", each).isPresent();
        }
      }
      for (DropFilter each : stopping) {
        try (BpfSource source = open(each)) {
          for (int i = 0; i < 5; i++) {
            send(sender, closed);
          }
          source.stop();
          assertThat(events(source, sender, closed)).as("%s", each).isEmpty();
          assertThat(source.losses().filtered()).as("%s", each).isGreaterThanOrEqualTo(5);
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIntoTheRingIsCounted() throws Exception {
    int sent = 5_000;
    try (BpfSource source = open(options(DropFilter.ALL, false, 0, 1 << 16));
        DatagramSocket sender = new DatagramSocket()) {
      InetSocketAddress closed = new InetSocketAddress(loopback, closedPort());
      for (int i = 0; i < sent; i++) {
        send(sender, closed);
      }
      source.stop();
      int[] received = {0};
      source.poll(event -> received[0]++, 0);
      Losses losses = source.losses();

      assertThat(losses.ringFull()).isPositive();
      assertThat(losses.seen()).isGreaterThanOrEqualTo(sent);
      assertThat(received[0] + losses.events()).isEqualTo(losses.seen());
    }
  }

  @Test
  void aRateIsKeptAndWhatItLeavesOutIsCounted() throws Exception {
    int sent = 2_000;
    try (BpfSource source = open(options(DropFilter.ALL, false, 10, RING_BYTES));
        DatagramSocket sender = new DatagramSocket()) {
      InetSocketAddress closed = new InetSocketAddress(loopback, closedPort());
      for (int i = 0; i < sent; i++) {
        send(sender, closed);
      }
      source.stop();
      int[] received = {0};
      source.poll(event -> received[0]++, 0);
      Losses losses = source.losses();

      assertThat(received[0]).isPositive();
      assertThat(losses.rateLimited()).isGreaterThan(sent / 2);
      assertThat(received[0] + losses.events()).isEqualTo(losses.seen());
    }
  }

  @Test
  void onlyTheFirstBytesOfAPacketAreKept() throws Exception {
    try (BpfSource source =
            BpfSource.open(new ProbeOptions(DropFilter.ALL, false, 30, 0, RING_BYTES, null));
        DatagramSocket sender = new DatagramSocket()) {
      DropEvent event =
          recorded(source, sender, new InetSocketAddress(loopback, closedPort())).orElseThrow();

      assertThat(event.packet().bytes()).hasSize(30);
      assertThat(event.packet().originalBytes()).isEqualTo(20 + 8 + 5);
      assertThat(event.packet().cut()).isTrue();
    }
  }

  @Test
  void consumedBuffersAreRecordedWhenAskedFor() throws Exception {
    try (BpfSource source = open(options(DropFilter.ALL, true, 0, RING_BYTES));
        DatagramSocket sender = new DatagramSocket();
        DatagramSocket receiver = new DatagramSocket(0, loopback)) {
      boolean seen = false;
      for (int i = 0; i < ATTEMPTS && !seen; i++) {
        send(sender, new InetSocketAddress(loopback, receiver.getLocalPort()));
        receiver.receive(new DatagramPacket(new byte[16], 16));
        List<DropEvent> events = new ArrayList<>();
        source.poll(events::add, POLL_NANOS);
        seen = events.stream().anyMatch(DropEvent::consumed);
      }
      assertThat(seen).isTrue();
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    long before = bpfFiles();
    try (BpfSource source = open(DropFilter.ALL)) {
      assertThat(bpfFiles()).isGreaterThan(before);
      source.stop();
    }
    assertThat(bpfFiles()).isEqualTo(before);
  }

  @Test
  void anExpressionThatIsWrongIsOneLine() {
    assertThatThrownBy(() -> open(filter("expression", "prot 80")))
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining("prot 80");
  }

  private static BpfSource open(DropFilter filter) throws SourceUnavailableException {
    return open(options(filter, false, 0, RING_BYTES));
  }

  private static BpfSource open(ProbeOptions options) throws SourceUnavailableException {
    return BpfSource.open(options);
  }

  private static ProbeOptions options(
      DropFilter filter, boolean includeConsumed, int eventsPerSecond, long bufferBytes) {
    return new ProbeOptions(filter, includeConsumed, 128, eventsPerSecond, bufferBytes, null);
  }

  private static DropFilter filter(String kind, Object member) {
    return new DropFilter(
        list(String.class, kind.equals("comm"), member),
        list(Integer.class, kind.equals("pid"), member),
        list(Long.class, kind.equals("netns"), member),
        list(String.class, kind.equals("interface"), member),
        list(Integer.class, kind.equals("ethertype"), member),
        list(Integer.class, kind.equals("protocol"), member),
        list(DropFilter.Prefix.class, kind.equals("address"), member),
        list(Integer.class, kind.equals("port"), member),
        list(Integer.class, kind.equals("reason"), member),
        kind.equals("expression") ? (String) member : null);
  }

  private static <T> List<T> list(Class<T> type, boolean meant, Object member) {
    return meant ? List.of(type.cast(member)) : List.of();
  }

  /** Sends until one of ours is recorded: now and then another task runs the softirq. */
  private static Optional<DropEvent> recorded(
      BpfSource source, DatagramSocket sender, InetSocketAddress closed) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      send(sender, closed);
      List<DropEvent> events = events(source, sender, closed);
      if (!events.isEmpty()) {
        return Optional.of(events.getFirst());
      }
    }
    return Optional.empty();
  }

  private static List<DropEvent> events(
      BpfSource source, DatagramSocket sender, InetSocketAddress closed) throws IOException {
    List<DropEvent> events = new ArrayList<>();
    source.poll(
        event -> {
          byte[] bytes = event.packet().bytes();
          int at = event.packet().protocol() == IPV4 ? 20 : 40;
          if (bytes.length >= at + 4
              && port(bytes, at) == sender.getLocalPort()
              && port(bytes, at + 2) == closed.getPort()) {
            events.add(event);
          }
        },
        POLL_NANOS);
    return events;
  }

  private static void send(DatagramSocket sender, InetSocketAddress closed) throws IOException {
    sender.send(new DatagramPacket("hello".getBytes(ISO_8859_1), 5, closed));
  }

  /** A port that nobody listens on: one that was free a moment ago. */
  private static int closedPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }

  private static int port(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static long ownNamespace() throws IOException {
    String link = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    return Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1));
  }

  private static String ownComm() throws IOException {
    try (BufferedReader comm =
        Files.newBufferedReader(Path.of("/proc/thread-self/comm"), ISO_8859_1)) {
      return Objects.requireNonNull(comm.readLine());
    }
  }

  private static long bpfFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.map(BpfSourceHostTest::target).filter(name -> name.contains("bpf")).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile: that of the listing itself
    }
  }
}
