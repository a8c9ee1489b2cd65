package dropsite.analyze.input;

import java.util.List;

/** How stacks stand in texts of tools that watch packets. */
final class NetToolSyntaxes {

  private NetToolSyntaxes() {}

  /** Returns the syntaxes that stacks begin in, the one to ask first before the others. */
  static List<FrameSyntax> all() {
    return List.of(
        new DropwatchPlaces(),
        new PwruEvent(),
        new RetisEvent(),
        NettraceDiagnosis.begin(),
        new NettraceStack(),
        new NettraceDrops(),
        RetsnoopStack.anywhere(),
        new RetsnoopBranches(),
        BccJson.ANYWHERE);
  }
}
