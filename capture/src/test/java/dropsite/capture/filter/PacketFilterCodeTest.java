package dropsite.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PacketFilterCodeTest {
  private static final int PACKETS = 3_000;

  @Test
  void everyRecordedExpressionAnswersAsItsClassicProgramDoes() throws IOException {
    List<byte[]> packets = packets(1);
    for (Map.Entry<String, CbpfProgram> each : RecordedPrograms.read().entrySet()) {
      assertThat(disagreements(each.getValue(), packets)).as(each.getKey()).isEmpty();
    }
  }

  @Test
  void randomProgramsAnswerAsTheyDoInClassicBpf() {
    List<byte[]> packets = packets(2).subList(0, 60);
    for (int seed = 0; seed < 3_000; seed++) {
      CbpfProgram program = new RandomPrograms(seed).next();
      assertThat(disagreements(program, packets)).as("seed " + seed + ": " + program).isEmpty();
    }
  }

  @Test
  void everyInstructionCanBeReached() throws IOException {
    List<CbpfProgram> programs = new ArrayList<>(RecordedPrograms.read().values());
    for (int seed = 0; seed < 1_000; seed++) {
      programs.add(new RandomPrograms(seed).next());
    }
    for (CbpfProgram program : programs) {
      List<EbpfInstruction> code = PacketFilterCode.instructions(program);
      boolean[] reached = new boolean[code.size() + 1];
      reached[0] = true;
      for (int at = 0; at < code.size(); at++) {
        assertThat(reached[at]).as("instruction %d of %s", at, code).isTrue();
        int kind = code.get(at).code() & 0x07;
        boolean jumps = kind == 0x05 || kind == 0x06;
        if (jumps) {
          reached[at + 1 + code.get(at).offset()] = true;
        }
        if (!jumps || code.get(at).code() != 0x05) {
          reached[at + 1] = true;
        }
      }
    }
  }

  @Test
  void loadsBeyondTheRoomOfThePacketAreNoMatchWhateverFollows() {
    CbpfProgram program = CbpfProgram.parse(List.of("2", "48 0 0 2048", "6 0 0 1"));
    assertThat(EbpfMachine.run(PacketFilterCode.instructions(program), new byte[2048], 4000))
        .isZero();
  }

  @Test
  void anExpressionTooLongForTheProbeIsRefused() {
    List<String> lines = new ArrayList<>(List.of("1025"));
    for (int i = 0; i < 1024; i++) {
      lines.add("48 0 0 1");
    }
    lines.add("6 0 0 1");
    assertThatThrownBy(() -> PacketFilterCode.translate(CbpfProgram.parse(lines)))
        .isInstanceOf(FilterException.class)
        .hasMessage(
            "--filter: the expression takes 2053 instructions, and the probe has room for 2048");
  }

  @Test
  void instructionsAreLaidOutAsTheKernelsHeaderSays() {
    EbpfInstruction load = new EbpfInstruction(0x61, 0, 10, -4, 0x01020304);
    assertThat(load.encoded(ByteOrder.LITTLE_ENDIAN)).isEqualTo(0x01020304_fffc_a0_61L);
    assertThat(load.encoded(ByteOrder.BIG_ENDIAN)).isEqualTo(0x61_0a_fffc_01020304L);
  }

  private static List<byte[]> packets(long seed) {
    RandomPackets random = new RandomPackets(seed);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < PACKETS; i++) {
      packets.add(random.next());
    }
    return packets;
  }

  private static List<String> disagreements(CbpfProgram program, List<byte[]> packets) {
    List<EbpfInstruction> code = PacketFilterCode.instructions(program);
    Random more = new Random(packets.size());
    List<String> found = new ArrayList<>();
    for (byte[] packet : packets) {
      int originalBytes = packet.length + (more.nextBoolean() ? 0 : more.nextInt(9000));
      int classic = CbpfMachine.run(program, packet, originalBytes);
      int extended = EbpfMachine.run(code, packet, originalBytes);
      if (classic != extended) {
        found.add(HexFormat.of().formatHex(packet) + ": " + classic + ", " + extended);
      }
    }
    return found;
  }
}
