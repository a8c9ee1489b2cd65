package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelMachineTest {

  /** Addresses of booted kernels, and machines whose kernel may be there. */
  @ParameterizedTest
  @CsvSource({
    "ffffffff9091b941, X86_64 RISCV",
    "ffffffffc0a5f5f7, RISCV",
    "ffff800008c5e9a0, ARM64 RISCV",
    "ffffd3a5b1c10e44, ARM64 RISCV",
    "c191c004, I386 RISCV S390X",
    "3ffe00ae1000, S390X",
    "100000, RISCV S390X",
    "e0000000d42c, S390X",
  })
  void everyMachineHasItsKernelWhereItsAddressesReach(String address, String machines) {
    long place = Long.parseUnsignedLong(address, 16);
    assertThat(
            Arrays.stream(KernelMachine.values())
                .filter(machine -> machine.mayHoldKernel(place))
                .map(Enum::name))
        .containsExactlyInAnyOrder(machines.split(" ", -1));
  }
}
