package dropsite.capture.filter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CbpfProgramTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5 0 0 4294967295; 6 0 0 0 | it jumps back, as protochain does, or out of itself; filters in the kernel may not
          21 0 1 6; 6 0 0 0         | it jumps back, as protochain does, or out of itself; filters in the kernel may not
          40 0 0 4294963204; 6 0 0 0| it asks for what is not in the packet, as inbound does
          52 0 0 0; 6 0 0 0         | it divides by zero, or shifts all bits away
          100 0 0 32; 6 0 0 0       | it divides by zero, or shifts all bits away
          96 0 0 16; 6 0 0 0        | it has no memory 16
          2 0 0 16; 6 0 0 0         | it has no memory 16
          7 0 0 0                   | it does not end by a return
          184 0 0 0; 6 0 0 0        | instruction 0xb8 is not known
          56 0 0 0; 6 0 0 0         | instruction 0x38 is not known
          14 0 0 0                  | instruction 0xe is not known
          """)
  void programsThatTheKernelWouldNotTakeAreRefused(String code, String message) {
    List<String> lines = new ArrayList<>(List.of("2"));
    lines.addAll(List.of(code.split("; ", -1)));
    assertThatThrownBy(() -> CbpfProgram.parse(lines))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
