package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.DropEvent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventDecoderTest {
  private static final long AT = 8;

  @Test
  void everyMemberOfARecordComesThrough() {
    DropEvent event = decode(record(new byte[] {0x45, 1, 2}, 0x111L, 0x222L));

    assertThat(event)
        .isEqualTo(
            new DropEvent(
                11,
                3,
                true,
                12,
                13,
                14,
                new long[] {0x111, 0x222},
                true,
                new DropEvent.Task(21, 22, "sh\u00ff", 23, true),
                new DropEvent.Device(31, "eth0", 1, 0xf0000098L, 33),
                new DropEvent.Socket(2, 41, 42, 43, 44),
                new DropEvent.Packet(
                    0x86dd,
                    4,
                    0xfffffff0L,
                    0xffffffffL,
                    5,
                    new byte[] {7},
                    new byte[] {0x45, 1, 2},
                    100)));
  }

  @Test
  void whatIsNotThereIsSaidSo() {
    MemorySegment record = record(new byte[0]);
    record.set(JAVA_SHORT, AT + EventLayout.FLAGS, (short) 0);
    record.set(JAVA_SHORT, AT + EventLayout.SOCKET_FAMILY, (short) 0);
    record.set(JAVA_BYTE, AT + EventLayout.MAC_BYTES, (byte) 0);
    record.set(JAVA_INT, AT + EventLayout.REASON, -1);

    DropEvent event = decode(record);

    assertThat(event.consumed()).isFalse();
    assertThat(event.stackCut()).isFalse();
    assertThat(event.task().interrupted()).isFalse();
    assertThat(event.reason()).isEqualTo(DropEvent.NO_REASON);
    assertThat(event.socket()).isEqualTo(DropEvent.Socket.NONE);
    assertThat(event.device().hardwareType()).isEqualTo(-1);
    assertThat(event.packet().vlan()).isEqualTo(-1);
    assertThat(event.packet().bytes()).isEmpty();
    assertThat(event.packet().macHeader()).isEmpty();
    assertThat(event.stack()).isEmpty();
  }

  @Test
  void namesMayFillAllTheirBytes() {
    MemorySegment record = record(new byte[0]);
    put(record, EventLayout.COMM, "0123456789abcdef");

    assertThat(decode(record).task().comm()).isEqualTo("0123456789abcdef");
  }

  @Test
  void aRecordThatSaysMoreThanItHoldsIsRefused() {
    MemorySegment longStack = record(new byte[0]);
    longStack.set(JAVA_SHORT, AT + EventLayout.STACK_WORDS, (short) -1);
    MemorySegment longPacket = record(new byte[0]);
    longPacket.set(JAVA_SHORT, AT + EventLayout.PACKET_BYTES, (short) 1);
    MemorySegment longMac = record(new byte[0]);
    longMac.set(JAVA_BYTE, AT + EventLayout.MAC_BYTES, (byte) 33);

    for (MemorySegment each : new MemorySegment[] {longStack, longPacket, longMac}) {
      assertThatThrownBy(() -> decode(each)).isInstanceOf(MalformedInputException.class);
    }
    assertThatThrownBy(() -> decode(record(new byte[0]), EventLayout.DATA - 1))
        .isInstanceOf(MalformedInputException.class);
  }

  @Test
  void anyBytesGiveAnEventOrOneError() {
    Random random = new Random(4);
    int events = 0;
    for (int i = 0; i < 20_000; i++) {
      MemorySegment record = record(new byte[24], 1, 2, 3);
      for (int change = random.nextInt(1, 20); change > 0; change--) {
        record.set(
            JAVA_BYTE, random.nextLong(AT, record.byteSize()), (byte) random.nextInt(0, 256));
      }
      long size = random.nextLong(0, record.byteSize() - AT + 1);
      try {
        events +=
            decode(record, random.nextBoolean() ? size : record.byteSize() - AT).cpu() >= 0 ? 1 : 0;
      } catch (MalformedInputException expected) {
        assertThat(expected).hasMessageContaining("record");
      }
    }
    assertThat(events).as("some are still whole").isPositive();
  }

  private static DropEvent decode(MemorySegment record) {
    return decode(record, record.byteSize() - AT);
  }

  private static DropEvent decode(MemorySegment record, long sizeBytes) {
    return new EventDecoder().decode(new Bytes("test", "record", record, false), AT, sizeBytes);
  }

  private static MemorySegment record(byte[] packet, long... stack) {
    long stackAt = AT + EventLayout.DATA + RingBuffer.padded(packet.length);
    MemorySegment record =
        Arena.ofAuto().allocate(stackAt + (long) stack.length * Long.BYTES, Long.BYTES);
    record.set(JAVA_LONG, AT + EventLayout.BOOT_NANOS, 11);
    record.set(JAVA_INT, AT + EventLayout.CPU, 3);
    record.set(JAVA_LONG, AT + EventLayout.SKB, 12);
    record.set(JAVA_LONG, AT + EventLayout.LOCATION, 13);
    record.set(JAVA_INT, AT + EventLayout.REASON, 14);
    record.set(JAVA_INT, AT + EventLayout.PID, 21);
    record.set(JAVA_INT, AT + EventLayout.TID, 22);
    record.set(JAVA_LONG, AT + EventLayout.CGROUP_ID, 23);
    record.set(JAVA_INT, AT + EventLayout.IFINDEX, 31);
    record.set(JAVA_SHORT, AT + EventLayout.HARDWARE_TYPE, (short) 1);
    record.set(JAVA_INT, AT + EventLayout.NETNS, 0xf0000098);
    record.set(JAVA_LONG, AT + EventLayout.NETNS_COOKIE, 33);
    record.set(JAVA_SHORT, AT + EventLayout.SOCKET_FAMILY, (short) 2);
    record.set(JAVA_SHORT, AT + EventLayout.SOCKET_TYPE, (short) 41);
    record.set(JAVA_BYTE, AT + EventLayout.SOCKET_STATE, (byte) 42);
    record.set(JAVA_SHORT, AT + EventLayout.SOCKET_PROTOCOL, (short) 43);
    record.set(JAVA_LONG, AT + EventLayout.SOCKET_COOKIE, 44);
    record.set(JAVA_SHORT, AT + EventLayout.PROTOCOL, (short) 0x86dd);
    record.set(JAVA_BYTE, AT + EventLayout.PACKET_TYPE, (byte) 4);
    record.set(JAVA_INT, AT + EventLayout.LENGTH_BYTES, 0xfffffff0);
    record.set(JAVA_INT, AT + EventLayout.MARK, -1);
    record.set(JAVA_SHORT, AT + EventLayout.VLAN_TCI, (short) 5);
    record.set(JAVA_INT, AT + EventLayout.ORIGINAL_BYTES, 100);
    record.set(
        JAVA_SHORT,
        AT + EventLayout.FLAGS,
        (short)
            (EventLayout.CONSUMED
                | EventLayout.INTERRUPTED
                | EventLayout.STACK_CUT
                | EventLayout.VLAN
                | EventLayout.HAS_DEVICE));
    record.set(JAVA_BYTE, AT + EventLayout.MAC_BYTES, (byte) 1);
    record.set(JAVA_BYTE, AT + EventLayout.MAC, (byte) 7);
    put(record, EventLayout.COMM, "sh\u00ff\0left over");
    put(record, EventLayout.INTERFACE, "eth0");
    record.set(JAVA_SHORT, AT + EventLayout.PACKET_BYTES, (short) packet.length);
    record.set(JAVA_SHORT, AT + EventLayout.STACK_WORDS, (short) stack.length);
    MemorySegment.copy(
        MemorySegment.ofArray(packet), 0, record, AT + EventLayout.DATA, packet.length);
    for (int i = 0; i < stack.length; i++) {
      record.set(JAVA_LONG, stackAt + (long) i * Long.BYTES, stack[i]);
    }
    return record;
  }

  private static void put(MemorySegment record, long offset, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, record, AT + offset, bytes.length);
  }
}
