package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.captures.RecordedText.FoundFrame;
import dropsite.analyze.captures.RecordedText.KnownFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Texts of every format, printed by booted kernels: each stack and frame in them as testdata/stacks
 * says, where addresses come from the kernel's own symbol list.
 */
final class RecordedTextsTest {

  @Test
  void everyStackIsReadAsTheKernelPrintedIt() throws IOException {
    List<String> wrong = new ArrayList<>();
    int frames = 0;
    for (String kernel : RecordedText.KERNELS) {
      List<RecordedText> texts = RecordedText.of(kernel);
      assertThat(texts).hasSizeGreaterThan(10);
      for (RecordedText text : texts) {
        List<String> expected = text.truth().stream().map(KnownFrame::words).sorted().toList();
        List<String> found = text.frames().stream().map(FoundFrame::words).sorted().toList();
        frames += expected.size();
        if (!found.equals(expected)) {
          wrong.add(text + ": " + difference(expected, found));
        }
      }
    }
    System.out.println("texts of booted kernels: " + frames + " frames read");
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyLineComesOutAsItWentIn() throws IOException {
    for (String kernel : RecordedText.KERNELS) {
      for (RecordedText text : RecordedText.of(kernel)) {
        assertThat(text.copied()).as(text.toString()).isEqualTo(text.bytes());
      }
    }
  }

  private static String difference(List<String> expected, List<String> found) {
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(found);
    List<String> surplus = new ArrayList<>(found);
    surplus.removeAll(expected);
    return String.format(
        "of %d frames %d missing, %d too many: %s but %s",
        expected.size(),
        missing.size(),
        surplus.size(),
        missing.stream().limit(3).toList(),
        surplus.stream().limit(3).toList());
  }
}
