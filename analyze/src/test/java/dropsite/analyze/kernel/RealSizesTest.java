package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.kernel.NamedSymbols.NamedSymbol;
import dropsite.symbols.DebugSymbols;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.XZInputStream;

/** The sizes that booted kernels print for their functions, against those of their vmlinux. */
@Tag("kernels")
final class RealSizesTest {

  /** A symbol of the kernel's text and what the kernel prints for its size. */
  private record Printed(String name, long linkAddress, long sizeBytes) {}

  private static List<String[]> listed(String kernel) throws IOException {
    Path file = Path.of("..", "testdata", "captures", kernel, "kallsyms.xz");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new XZInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> line.split("[ \t]")).filter(it -> it.length == 3).toList();
    }
  }

  private static List<Printed> printed(String kernel, DebugSymbols vmlinux) throws IOException {
    List<String[]> listed = listed(kernel);
    TreeSet<Long> addresses = new TreeSet<>(Long::compareUnsigned);
    long text = 0;
    for (String[] columns : listed) {
      long address = Long.parseUnsignedLong(columns[0], 16);
      addresses.add(address);
      text = columns[2].equals("_text") ? address : text;
    }
    long slide = text - vmlinux.symbols().named("_text").getFirst().linkAddress();
    List<Printed> printed = new ArrayList<>();
    for (String[] columns : listed) {
      long address = Long.parseUnsignedLong(columns[0], 16);
      Long next = addresses.higher(address);
      if ("tTwW".contains(columns[1]) && next != null) {
        printed.add(new Printed(columns[2], address - slide, next - address));
      }
    }
    return printed;
  }

  /** What is left are ends of sections, behind which kallsyms goes on, and one function there. */
  @ParameterizedTest
  @CsvSource({
    "6.1, 46636, _etext __indirect_thunk_end _einittext exit_amd_microcode",
    "6.12, 102386, _einittext"
  })
  void sizesThatAKernelPrintsAreThoseOfItsVmlinux(String kernel, int functions, String left)
      throws IOException {
    try (DebugSymbols vmlinux = SymbolFiles.open(RealStacks.vmlinux(kernel))) {
      List<Printed> printed = printed(kernel, vmlinux);
      assertThat(printed).hasSize(functions);
      NamedSymbols names = new NamedSymbols();
      assertThat(printed.stream().filter(it -> !fits(names, vmlinux, it)).map(Printed::name))
          .containsExactlyInAnyOrder(left.split(" "));
    }
  }

  private static boolean fits(NamedSymbols names, DebugSymbols vmlinux, Printed printed) {
    for (NamedSymbol named : names.in(vmlinux, printed.name())) {
      if (named.symbol().linkAddress() == printed.linkAddress()) {
        return named.hasSize(printed.sizeBytes());
      }
    }
    return false;
  }
}
