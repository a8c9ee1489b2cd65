package dropsite.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Translated filters before the verifier and in the kernel that the tests run on. */
@Tag("host")
final class PacketFilterCodeHostTest {
  @Test
  void theKernelTakesEveryRecordedExpressionAndAnswersAsTheClassicProgramDoes() throws IOException {
    check(RecordedPrograms.read(), 400);
  }

  @Test
  void theKernelTakesRandomProgramsAndAnswersAsTheyDoInClassicBpf() {
    Map<String, CbpfProgram> programs = new LinkedHashMap<>();
    for (int seed = 0; seed < 1_000; seed++) {
      programs.put("seed " + seed, new RandomPrograms(seed).next());
    }
    check(programs, 20);
  }

  private static void check(Map<String, CbpfProgram> programs, int packets) {
    RandomPackets random = new RandomPackets(3);
    try (BpfProgramRun kernel = new BpfProgramRun()) {
      programs.forEach((name, program) -> {
        assertThat(kernel.load(PacketFilterCode.instructions(program))).as(name).isEmpty();
        List<byte[]> wrong = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
          byte[] packet = random.next();
          int originalBytes = packet.length + i % 3 * 700;
          if (kernel.run(packet, originalBytes)
              != CbpfMachine.run(program, packet, originalBytes)) {
            wrong.add(packet);
          }
        }
        assertThat(wrong).as(name).isEmpty();
      });
    }
  }
}
