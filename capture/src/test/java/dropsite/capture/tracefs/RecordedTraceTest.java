package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.MalformedInputException;
import dropsite.capture.DropEvent;
import dropsite.capture.DropEvent.Packet;
import dropsite.capture.tracefs.RecordedTrace.Printed;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages that 6.1 and 6.12 wrote: what is read from them is what the kernel itself prints of the
 * same events.
 */
final class RecordedTraceTest {
  private static List<DropEvent> read(String kernel, String kind) throws IOException {
    RecordedTrace trace = RecordedTrace.of(kernel);
    return RecordedTrace.read(trace.events(kind), trace.pages(kind));
  }

  @ParameterizedTest
  @CsvSource({"6.1,probe", "6.1,plain", "6.12,probe", "6.12,plain"})
  void eventsAndStacksAreThoseThatTheKernelPrints(String kernel, String kind) throws IOException {
    List<DropEvent> events = read(kernel, kind);
    List<Printed> printed = RecordedTrace.of(kernel).printed(kind);
    assertThat(events).hasSameSizeAs(printed).hasSizeGreaterThan(3);
    for (int i = 0; i < events.size(); i++) {
      DropEvent event = events.get(i);
      Printed expected = printed.get(i);
      // The kernel prints times rounded to the nearest.
      assertThat((event.bootNanos() + 500) / 1000).isEqualTo(expected.micros());
      assertThat(event.skb()).isEqualTo(expected.skb());
      if (expected.location() != 0) {
        assertThat(event.location()).isEqualTo(expected.location());
      }
      assertThat(Arrays.stream(event.stack()).boxed()).isEqualTo(expected.stack());
      assertThat(event.stack()).contains(event.location());
      assertThat(event.task().interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void aProbeFetchesPacketsDevicesAndTasks(String kernel) throws IOException {
    List<DropEvent> events = read(kernel, "probe");
    List<Printed> printed = RecordedTrace.of(kernel).printed("probe");
    for (int i = 0; i < events.size(); i++) {
      DropEvent event = events.get(i);
      String text = printed.get(i).text();
      assertThat(text).contains("task_comm=\"" + event.task().comm() + "\"");
      assertThat(event.device().name()).isEqualTo("lo");
      assertThat(event.device().ifindex()).isEqualTo(1);
      assertThat(event.device().hardwareType()).isEqualTo(772); // ARPHRD_LOOPBACK
      assertThat(event.device().netns()).isEqualTo(0xf0000000L);
      assertThat(event.device().netnsCookie()).isEqualTo(1);
      assertThat(text).contains("reason=0x" + Integer.toHexString(event.reason()) + " ");
      Packet packet = event.packet();
      assertThat(text).contains("skb_len=0x" + Long.toHexString(packet.lengthBytes()) + " ");
      int version = packet.protocol() == 0x800 ? 4 : 6;
      assertThat(packet.bytes()[0] >> 4).isEqualTo((byte) version);
      // The length that the packet's own header tells.
      int total = version == 4 ? u16(packet, 2) : 40 + u16(packet, 4);
      assertThat(packet.originalBytes()).isEqualTo(total);
      assertThat(packet.bytes()).hasSize(total);
      assertThat(packet.type()).isZero(); // PACKET_HOST
      assertThat(packet.vlan()).isEqualTo(-1);
      assertThat(packet.macHeader()).hasSize(14);
    }
  }

  private static int u16(Packet packet, int at) {
    return ((packet.bytes()[at] & 0xff) << 8) | (packet.bytes()[at + 1] & 0xff);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void withoutAProbeThePacketIsNotKnown(String kernel) throws IOException {
    for (DropEvent event : read(kernel, "plain")) {
      assertThat(event.packet().bytes()).isEmpty();
      assertThat(event.packet().protocol()).isIn(0x800, 0x86dd);
      assertThat(event.packet().lengthBytes()).isEqualTo(-1);
      assertThat(event.device()).isEqualTo(DropEvent.Device.UNKNOWN);
      assertThat(event.socket()).isEqualTo(DropEvent.Socket.NONE);
      assertThat(event.reason()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void theProbeIsTheOneThatWasRecordedWith(String kernel) throws IOException {
    RecordedTrace trace = RecordedTrace.of(kernel);
    assertThat(
            EventProbe.define(
                "dropsite_1/kfree_skb",
                "skb:kfree_skb",
                trace.format("kfree_skb.format"),
                trace.offsets(),
                RecordedTrace.SNAP_BYTES,
                true))
        .contains(trace.text("probe").strip());
  }

  /** Pages changed at random: events, or the one exception, every time. */
  @ParameterizedTest
  @CsvSource({"6.1,probe", "6.12,plain"})
  void damageNeverEndsInAnythingElse(String kernel, String kind) throws IOException {
    RecordedTrace trace = RecordedTrace.of(kernel);
    EventSet events = trace.events(kind);
    byte[] whole = trace.pages(kind);
    Random random = new Random(11);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = whole.clone();
      for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
        // Mostly where the records are.
        damaged[random.nextInt(random.nextBoolean() ? 64 : damaged.length)] =
            (byte) random.nextInt();
      }
      try {
        read += RecordedTrace.read(events, damaged).size();
      } catch (MalformedInputException e) {
        refused++;
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }
}
