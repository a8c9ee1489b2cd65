package dropsite.capture.session;

import dropsite.capture.ProbeOptions;
import dropsite.capture.ProbeSource;
import dropsite.capture.SourceUnavailableException;
import dropsite.capture.bpf.BpfSource;
import dropsite.capture.tracefs.TracefsSource;
import java.util.ArrayList;
import java.util.List;

/** The probes by their names, best first. */
public enum Probes {
  /** See {@link BpfSource}. */
  BPF("bpf"),
  /** See {@link TracefsSource}. */
  TRACEFS("tracefs");

  private final String title;

  Probes(String title) {
    this.title = title;
  }

  /** Returns its name on the command line. */
  public String title() {
    return title;
  }

  /**
   * Attaches the first of some probes that this box allows.
   *
   * @param allowed in the order in which they are tried
   * @param told takes why those before the one that was attached could not be; a sentence each
   * @throws SourceUnavailableException when none can be attached, with the reason of each
   */
  static ProbeSource open(List<Probes> allowed, ProbeOptions options, List<String> told)
      throws SourceUnavailableException {
    List<String> reasons = new ArrayList<>();
    for (Probes probe : allowed) {
      try {
        ProbeSource source = probe.open(options);
        told.addAll(reasons);
        return source;
      } catch (SourceUnavailableException e) {
        reasons.add("source " + probe.title + ": " + e.getMessage());
      }
    }
    throw new SourceUnavailableException(String.join("; ", reasons));
  }

  private ProbeSource open(ProbeOptions options) throws SourceUnavailableException {
    return switch (this) {
      case BPF -> BpfSource.open(options);
      case TRACEFS -> TracefsSource.open(options);
    };
  }
}
