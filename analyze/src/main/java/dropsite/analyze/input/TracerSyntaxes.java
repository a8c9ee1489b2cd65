package dropsite.analyze.input;

import java.util.List;

/** How stacks stand in texts of perf, ftrace, bpftrace and bcc. */
final class TracerSyntaxes {

  private TracerSyntaxes() {}

  /** Returns the syntaxes that stacks begin in, the one to ask first before the others. */
  static List<FrameSyntax> all() {
    return List.of(
        FtraceFrames.BEGIN,
        new StackTracerFrames(),
        HistFrames.BEGIN,
        BpftraceFrames.BEGIN,
        PerfFrames.BEGIN,
        new PerfHeader(),
        new FoldedStack(),
        BareNames.BEGIN);
  }
}
