package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.capture.DropEvent;
import dropsite.capture.DropFilter;
import dropsite.capture.ProbeOptions;
import dropsite.capture.SourceUnavailableException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the running kernel: needs root and a mounted tracefs. */
@Tag("host")
final class TracefsHostTest {
  private static final Path INSTANCES = Path.of("/sys/kernel/tracing/instances");
  private static final int PACKETS = 20;

  @TempDir private Path folder;

  private static ProbeOptions options(DropFilter filter, @Nullable Path offsets) {
    return new ProbeOptions(filter, false, 256, 0, 4 << 20, offsets);
  }

  private static DropFilter ofThisTask(List<Integer> ethertypes) {
    return new DropFilter(
        List.of(),
        List.of((int) ProcessHandle.current().pid()),
        List.of(),
        List.of(),
        ethertypes,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null);
  }

  /** Nobody listens to the discard port. */
  private static void drop(int packets) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < packets; i++) {
        socket.send(new DatagramPacket(new byte[8], 8, InetAddress.ofLiteral("127.0.0.1"), 9));
      }
    }
  }

  private static List<String> ours() throws IOException {
    try (Stream<Path> instances = Files.list(INSTANCES)) {
      return instances
          .map(each -> each.getFileName().toString())
          .filter(name -> name.equals("dropsite-" + ProcessHandle.current().pid()))
          .toList();
    }
  }

  @Test
  void dropsAreRecordedWithTheirStacksAndNothingIsLeft() throws Exception {
    List<DropEvent> events = new ArrayList<>();
    try (TracefsSource source = TracefsSource.open(options(ofThisTask(List.of(0x800)), null))) {
      assertThat(ours()).hasSize(1);
      drop(PACKETS);
      source.stop();
      while (source.poll(events::add, TimeUnit.SECONDS.toNanos(1)) > 0) {
        assertThat(events).hasSizeLessThanOrEqualTo(PACKETS * 2);
      }
      assertThat(source.losses().events()).isZero();
      assertThat(source.losses().seen()).isEqualTo(events.size());
    }
    assertThat(ours()).isEmpty();
    assertThat(events).hasSizeGreaterThanOrEqualTo(PACKETS);
    for (DropEvent event : events) {
      assertThat(event.stack()).contains(event.location());
      assertThat(event.task().pid()).isEqualTo(ProcessHandle.current().pid());
    }
  }

  /** With and without a filter in the kernel, which counts its losses differently then. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lossesAreCountedExactly(boolean filtered) throws Exception {
    List<Integer> ethertypes = filtered ? List.of(0x800) : List.of();
    DropFilter filter =
        new DropFilter(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            ethertypes,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null);
    int sent = 20_000;
    try (TracefsSource source =
        TracefsSource.open(new ProbeOptions(filter, false, 256, 0, 1 << 20, null))) {
      drop(sent);
      source.stop();
      int[] came = {0};
      while (source.poll(event -> came[0]++, 0) > 0) {
        assertThat(came[0]).isLessThan(sent);
      }
      assertThat(source.losses().ringFull()).isPositive();
      assertThat(source.losses().seen()).isEqualTo(came[0] + source.losses().ringFull());
      // Others drop packets too.
      assertThat(source.losses().seen()).isBetween((long) sent, sent + sent / 100L);
    }
  }

  @Test
  void whatTheKernelFiltersDoesNotCome() throws Exception {
    List<DropEvent> events = new ArrayList<>();
    try (TracefsSource source = TracefsSource.open(options(ofThisTask(List.of(0x1234)), null))) {
      drop(PACKETS);
      source.stop();
      source.poll(events::add, 0);
      assertThat(source.losses().seen()).isZero();
      assertThat(source.losses().filtered()).isEqualTo(-1); // the kernel does not count them
    }
    assertThat(events).isEmpty();
  }

  @Test
  void offsetsOfAnotherKernelAreRefusedWithBothIds() throws Exception {
    Path other = folder.resolve("offsets.txt");
    Files.writeString(other, "# dropsite offsets 1\nbuild-id abcdef\nsk_buff.head 200 8\n");
    assertThatThrownBy(() -> TracefsSource.open(options(DropFilter.ALL, other)))
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageMatching(".*with build-id abcdef, and kernel .* with build-id [0-9a-f]+ .*");
    assertThat(ours()).isEmpty();
  }
}
