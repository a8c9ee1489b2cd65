package dropsite.analyze.report;

import dropsite.analyze.box.Box;
import java.util.List;

/**
 * One boot of one box that a report tells of.
 *
 * @param name its host name, or else its boot, or the first file; as it was recorded
 * @param files recordings as the user named them, by which rows of events name them
 * @param box what is known of it
 * @param environment what its findings rest on
 * @param names of the sources of its kernel
 */
public record BoxReport(
    String name, List<String> files, Box box, Environment environment, SourceNames names) {

  /** Copies the list. */
  public BoxReport {
    files = List.copyOf(files);
  }
}
