package dropsite.oracle;

import java.nio.file.Path;

/**
 * Records every oracle answer that the tests need, ahead of them: {@code OracleRecorder KERNELS}.
 */
final class OracleRecorder {
  private OracleRecorder() {}

  public static void main(String[] arguments) throws Exception {
    Path kernels = Path.of(arguments[0]);
    RecordedAnswers answers = new RecordedAnswers(kernels);
    for (KernelBuild kernel : KernelBuild.values()) {
      KernelSample vmlinux = KernelSample.ofVmlinux(kernel, kernels);
      for (LlvmSymbolizer.Names names : LlvmSymbolizer.Names.values()) {
        record(answers, new LlvmSymbolizer(names), vmlinux);
      }
      for (KernelSample module : KernelSample.ofModules(kernel, kernels)) {
        record(answers, Addr2line.elfutils(), module);
        record(answers, Addr2line.binutils(kernel.gnuPrefix()), module);
      }
    }
  }

  private static void record(RecordedAnswers answers, Oracle oracle, KernelSample sample)
      throws Exception {
    long start = System.nanoTime();
    answers.of(oracle, sample.file(), sample.functions().buildId(), sample.queries());
    System.out.printf(
        "%s %d addresses of %s: %d ms%n",
        oracle.name(),
        sample.queries().size(),
        sample.file().getFileName(),
        (System.nanoTime() - start) / 1_000_000);
  }
}
