package dropsite.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole kernels against other symbolizers. Needs the kernels of testdata/kernels/fetch in the
 * folder that the system property dropsite.kernels names, llvm-symbolizer-22, elfutils and
 * binutils.
 */
@Tag("kernels")
final class KernelDifferentialTest {

  @ParameterizedTest
  @EnumSource
  void vmlinuxChainsEqualThoseOfLlvmSymbolizer(KernelBuild kernel) throws Exception {
    Path kernels = KernelBuild.folder();
    RecordedAnswers answers = new RecordedAnswers(kernels);
    KernelSample vmlinux = KernelSample.ofVmlinux(kernel, kernels);
    Tally names =
        new Tally(
            new LlvmSymbolizer(LlvmSymbolizer.Names.SHORT),
            Comparison.DWARF_NAMES,
            answers,
            KnownFaults.read(exceptions()));
    Tally symbols =
        new Tally(
            new LlvmSymbolizer(LlvmSymbolizer.Names.LINKAGE),
            Comparison.SYMBOL,
            answers,
            KnownFaults.read(exceptions()));
    names.add(vmlinux);
    symbols.add(vmlinux);

    assertAgreement(kernel + " vmlinux", List.of(names, symbols));
    assertThat(vmlinux.queries()).hasSize(kernel.vmlinuxAddresses());
  }

  @ParameterizedTest
  @EnumSource
  void moduleChainsEqualThoseOfElfutilsAndBinutils(KernelBuild kernel) throws Exception {
    Path kernels = KernelBuild.folder();
    RecordedAnswers answers = new RecordedAnswers(kernels);
    Tally elfutils =
        new Tally(
            Addr2line.elfutils(),
            Comparison.NAMES_OR_SYMBOLS,
            answers,
            KnownFaults.read(exceptions()));
    Tally binutils =
        new Tally(
            Addr2line.binutils(kernel.gnuPrefix()),
            Comparison.FUNCTIONS_AND_LINES,
            answers,
            KnownFaults.read(exceptions()));
    List<KernelSample> modules = KernelSample.ofModules(kernel, kernels);
    for (KernelSample module : modules) {
      elfutils.add(module);
      binutils.add(module);
    }

    assertAgreement(kernel + " modules", List.of(elfutils, binutils));
    assertThat(modules).hasSize(kernel.modules());
    assertThat(modules.stream().mapToInt(module -> module.queries().size()).sum())
        .isEqualTo(kernel.moduleAddresses());
  }

  private static void assertAgreement(String what, List<Tally> tallies) throws IOException {
    Path report = Files.createDirectories(Path.of("target", "oracle"));
    for (Tally tally : tallies) {
      System.out.println(what + ": " + tally);
    }
    List<String> unlisted =
        tallies.stream()
            .flatMap(tally -> tally.unlisted().stream())
            .map(Disagreement::toString)
            .toList();
    Path file = Files.write(report.resolve(what.replace(' ', '-') + ".txt"), unlisted);
    assertThat(unlisted.stream().limit(10))
        .as("%d disagreements of %s, all in %s", unlisted.size(), what, file.toAbsolutePath())
        .isEmpty();
    assertThat(tallies.stream().flatMap(tally -> tally.stale().stream()))
        .as("listed exceptions of %s at which there is no disagreement any more", what)
        .isEmpty();
  }

  /** The list lies beside the kernels' recipe, two folders up from this module's. */
  private static Path exceptions() {
    return Path.of("..", "testdata", "kernels", "exceptions.tsv");
  }
}
