package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.ImageFit;
import dropsite.analyze.stack.StackResolver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a vmlinux beside texts of booted kernels that do not tell their build-id. */
@Tag("kernels")
final class RightKernelTest {
  private static final String WRONG = "is not of the recorded kernel";

  @ParameterizedTest
  @CsvSource({"6.1", "6.12"})
  void theRightKernelIsNeverDeclaredWrong(String kernel) throws IOException {
    for (RecordedText text : RecordedText.of(kernel)) {
      String doubt = doubt(text, kernel);
      assertThat(String.valueOf(doubt)).as(text.toString()).doesNotContain(WRONG);
    }
  }

  /** Names with offsets alone are what most drops are recorded as. */
  @Test
  void anotherKernelIsToldByItsReturnAddressesAlone() throws IOException {
    assertThat(doubt(new RecordedText("6.1", "bpftrace-default"), "6.12"))
        .contains(WRONG, "return addresses stand where no call returns to");
    assertThat(doubt(new RecordedText("6.12", "bpftrace-default"), "6.1")).contains(WRONG);
  }

  private static @Nullable String doubt(RecordedText text, String kernel) throws IOException {
    try (KernelImage image = RecordedDropsTest.debugPackage(KernelFacts.NONE, kernel)) {
      StackResolver resolver = new StackResolver(image, false);
      ImageFit fit = new ImageFit(image);
      for (StackEvent event : SharedNamesTest.events(text)) {
        fit.add(resolver.resolve(event));
      }
      return fit.doubt();
    }
  }
}
