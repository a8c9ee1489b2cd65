package dropsite.analyze.kernel;

import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.SectionedText;
import dropsite.capture.file.CaptureReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a recording itself says about the kernel it was made on, whatever its format. */
public final class RecordedKernel {

  private RecordedKernel() {}

  /**
   * Reads what a recording says about its kernel; its events are passed over.
   *
   * @return of the first boot; {@link KernelFacts#NONE} when it says nothing
   */
  public static KernelFacts in(Path recording) throws IOException {
    List<RecordedBoot> boots = boots(recording);
    return boots.isEmpty() ? KernelFacts.NONE : boots.getFirst().facts();
  }

  /**
   * Reads what a recording says about each boot that it is of; its events are passed over.
   *
   * @return empty when it says nothing
   */
  public static List<RecordedBoot> boots(Path recording) throws IOException {
    // A pipe can be read only once, and that once is for its events.
    if (!Files.isRegularFile(recording)) {
      return List.of();
    }
    String source = recording.toString();
    try (InputStream input = Files.newInputStream(recording)) {
      if (Recordings.isCapture(input)) {
        return ofCapture(recording);
      }
    }
    try (InputStream input = Files.newInputStream(recording)) {
      SectionedText text = SectionedText.open(source, input);
      return text == null
          ? List.of()
          : List.of(
              new RecordedBoot("", "", new SectionedFacts(source).read(text), Map.of(), null));
    }
  }

  private static List<RecordedBoot> ofCapture(Path recording) throws IOException {
    String source = recording.toString();
    try (CaptureReader reader =
        CaptureReader.withoutEvents(source, Files.newInputStream(recording))) {
      return CapturedFacts.boots(source, reader);
    }
  }
}
