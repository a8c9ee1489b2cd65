package dropsite.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory is bounded by what is asked, not by the size of the kernel: 590 MB for Debian's 6.1. */
@Tag("kernels")
final class HeapBoundTest {
  @TempDir private Path temporary;

  @Test
  void oneLookupInVmlinuxFitsIn64MegabytesOfHeap() throws Exception {
    lookUp(1, "-Xmx64m");
  }

  @Test
  void hundredThousandLookupsInVmlinuxFitIn400MegabytesOfHeap() throws Exception {
    lookUp(100_000, "-Xmx400m");
  }

  private void lookUp(int count, String heapLimit) throws IOException, InterruptedException {
    Path vmlinux = KernelBuild.AMD64_6_1.vmlinux(KernelBuild.folder());
    Random random = new Random(KernelBuild.SEED);
    List<String> addresses =
        new ArrayList<>(
            FunctionBytes.read(vmlinux).drawFromAll(count, random).stream()
                .map(query -> Long.toHexString(query.offset()))
                .toList());
    // The worst order: neighbours, which share a unit, far apart.
    Collections.shuffle(addresses, random);
    Path list = Files.write(temporary.resolve("addresses"), addresses);
    long start = System.nanoTime();
    List<String> printed =
        Tool.at(Path.of(System.getProperty("java.home"), "bin", "java"))
            .with(
                heapLimit,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LookupProcess.class.getName(),
                vmlinux.toString(),
                list.toString())
            .run(List.of(), Duration.ofMinutes(5));
    assertThat(printed).hasSize(1);
    String[] numbers = printed.getFirst().split(" ", -1);
    System.out.printf(
        "%d lookups in %s with %s: %s with a line, %s frames, %.1f MB of heap kept, %d ms%n",
        count,
        vmlinux.getFileName(),
        heapLimit,
        numbers[0],
        numbers[1],
        Long.parseLong(numbers[2]) / 1e6,
        (System.nanoTime() - start) / 1_000_000);
    // Nearly every function byte of a kernel has a line: an empty answer would be cheap, and wrong.
    assertThat(Integer.parseInt(numbers[0])).isGreaterThan(count * 98 / 100);
  }
}
