package dropsite.analyze.report;

import dropsite.analyze.kernel.Slide;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report rests on.
 *
 * @param release of the recorded kernel; null when not recorded
 * @param buildId of the recorded kernel; null when not recorded
 * @param symbolFile the file of debugging information; null when none was given
 * @param symbolBuildId its build-id; null when it has none
 * @param veryKernel whether it is known to be of the very kernel recorded
 * @param slide of the last stack; null when not known
 * @param cut whether the end of one of the recordings is missing
 * @param missing what would make the report better, and how to get it
 * @param warnings about the files used
 * @param notes of those who recorded
 */
public record Environment(
    @Nullable String release,
    @Nullable String buildId,
    @Nullable String symbolFile,
    @Nullable String symbolBuildId,
    boolean veryKernel,
    @Nullable Slide slide,
    boolean cut,
    List<String> missing,
    List<String> warnings,
    List<String> notes) {

  /** Copies the lists. */
  public Environment {
    missing = List.copyOf(missing);
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
  }
}
