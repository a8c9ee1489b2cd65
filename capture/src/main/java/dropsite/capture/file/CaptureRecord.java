package dropsite.capture.file;

import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.KernelSymbols;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.SnapshotPart;

/** One thing that a capture file says. */
public sealed interface CaptureRecord {

  /**
   * Returns which recording it is of: files merged from several hold several. 0 when not known.
   * Files that one recording was split into share the number.
   */
  long recording();

  /**
   * An event.
   *
   * @param event what was recorded, with what is left of the packet
   * @param realNanos CLOCK_REALTIME in nanoseconds
   */
  record Drop(long recording, DropEvent event, long realNanos) implements CaptureRecord {}

  /** The kernel; a later one of the same recording says more, and replaces it. */
  record Kernel(long recording, HostKernel kernel) implements CaptureRecord {}

  /** A module; a later one of the same name and base replaces it. */
  record Module(long recording, HostModule module) implements CaptureRecord {}

  /** Drop reasons; a later one of the same origin and name replaces it. */
  record Reasons(long recording, ReasonEnum reasons) implements CaptureRecord {}

  /** Lines of kallsyms. */
  record Symbols(long recording, KernelSymbols symbols) implements CaptureRecord {}

  /** Names of a network namespace; a later one of the same namespace replaces it. */
  record Names(long recording, NetworkNames names) implements CaptureRecord {}

  /** A part of the snapshot. */
  record Snapshot(long recording, SnapshotPart part) implements CaptureRecord {}

  /** What was lost since this file began; a later one counts on, and replaces it. */
  record Lost(long recording, Losses losses) implements CaptureRecord {}

  /** A sentence for whoever reads the recording: what it lacks, and why. */
  record Note(long recording, String text) implements CaptureRecord {}

  /** The end of the file, or of the part of a recording that another tool copied. */
  record End(long recording, Totals totals) implements CaptureRecord {}
}
