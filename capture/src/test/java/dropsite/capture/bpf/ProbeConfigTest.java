package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.capture.DropFilter;
import dropsite.capture.ProbeOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProbeConfigTest {
  private static final ProbedKernel KERNEL = new ProbedKernel(4, 2, 64, 77, 88, false);

  @Test
  void whatTheKernelIsLikeIsToldToTheProgram() {
    MemorySegment config = config(DropFilter.ALL, 96, 0);

    assertThat(number(config, "drop_arguments")).isEqualTo(4);
    assertThat(number(config, "consume_arguments")).isEqualTo(2);
    assertThat(number(config, "stack_words")).isEqualTo(64);
    assertThat(number(config, "snap_bytes")).isEqualTo(96);
    assertThat(number(config, "look_bytes")).as("nothing looks into packets").isEqualTo(96);
    assertThat(wide(config, "preempt_count")).isEqualTo(77);
    assertThat(wide(config, "per_cpu_offset")).isEqualTo(88);
    assertThat(wide(config, "interval_nanos")).as("no limit").isZero();
  }

  @Test
  void aRateIsATimeBetweenEvents() {
    assertThat(wide(config(DropFilter.ALL, 0, 2_000), "interval_nanos")).isEqualTo(500_000);
  }

  @Test
  void filtersThatLookIntoPacketsSeeMoreThanIsKept() {
    DropFilter filter = filter(List.of(), List.of(), List.of(53), "udp");

    MemorySegment config = config(filter, 20, 0);

    assertThat(number(config, "snap_bytes")).isEqualTo(20);
    assertThat(number(config, "look_bytes")).isGreaterThanOrEqualTo(256);
    assertThat(number(config, "expression")).isEqualTo(1);
    assertThat(number(config, "port_count")).isEqualTo(1);
  }

  @Test
  void namesArePaddedWithZeros() {
    MemorySegment config =
        config(filter(List.of("a", "123456789012345"), List.of(), List.of(), null), 0, 0);

    assertThat(bytes(config, offset("comms"), 32))
        .containsExactly(
            'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '1', '2', '3', '4', '5', '6', '7',
            '8', '9', '0', '1', '2', '3', '4', '5', 0);
  }

  @Test
  void addressesAreComparedUnderTheirMask() throws UnknownHostException {
    List<DropFilter.Prefix> prefixes =
        List.of(
            new DropFilter.Prefix(InetAddress.getByName("10.1.2.3"), 12),
            new DropFilter.Prefix(InetAddress.getByName("2001:db8::1"), 65));

    MemorySegment config = config(filter(List.of(), prefixes, List.of(), null), 0, 0);

    long at = offset("addresses");
    assertThat(bytes(config, at, 40))
        .containsExactly(
            0, 0, 0, 0, 0, 0, 0, 0, 10, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 240, 0, 0,
            0, 0, 0, 0, 0x00, 0x08, 0, 0, 0, 0, 0, 0);
    assertThat(bytes(config, at + 40, 40))
        .containsExactly(
            0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255, 255,
            255, 255, 255, 128, 0, 0, 0, 0, 0, 0, 0, 0xdd, 0x86, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void moreThanTheProgramComparesWithIsRefused() {
    List<Integer> ports = Collections.nCopies(DropFilter.LONGEST_LIST + 1, 1);
    assertThatThrownBy(() -> config(filter(List.of(), List.of(), ports, null), 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> config(filter(List.of("1234567890123456"), List.of(), List.of(), null), 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static DropFilter filter(
      List<String> comms,
      List<DropFilter.Prefix> addresses,
      List<Integer> ports,
      @Nullable String expression) {
    return new DropFilter(
        comms,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        addresses,
        ports,
        List.of(),
        expression);
  }

  private static MemorySegment config(DropFilter filter, int snapBytes, int eventsPerSecond) {
    return ProbeConfig.of(
        Arena.ofAuto(),
        new ProbeOptions(filter, false, snapBytes, eventsPerSecond, 0, null),
        KERNEL,
        1 << 16);
  }

  private static long offset(String member) {
    return ProbeConfig.LAYOUT.byteOffset(PathElement.groupElement(member));
  }

  private static int number(MemorySegment config, String member) {
    return config.get(JAVA_INT, offset(member));
  }

  private static long wide(MemorySegment config, String member) {
    return config.get(JAVA_LONG, offset(member));
  }

  private static int[] bytes(MemorySegment config, long at, int count) {
    int[] bytes = new int[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = config.get(JAVA_BYTE, at + i) & 0xff;
    }
    return bytes;
  }
}
