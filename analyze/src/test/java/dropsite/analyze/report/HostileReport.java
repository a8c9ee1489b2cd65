package dropsite.analyze.report;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.report.Ranking.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reports in which a text stands wherever a box may put one. */
final class HostileReport {
  /** What markup, terminals and trackers of tickets would obey. */
  static final List<String> TEXTS =
      List.of(
          "<img src=x onerror=alert(1)>",
          "<!-- --><details><summary>x</summary></details></details>",
          "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
          "[x]: http://evil.example 'y'",
          "@root @torvalds/linux #123 GH-7 !42 $12 %3 &4 ~5 user/repo#9 org/repo@deadbeef00",
          "https://evil.example www.evil.example mailto:a@evil.example a@evil.example",
          "| a | b |\n|---|---|\n| c | d | \\| \\\\| e",
          "``` x ```` y ` z `` \\` `",
          "# x\n## y\n- z\n1. a\n> b\n---\n===\n    code",
          "**b** __c__ *d* _e_ ~~f~~ :smile: $`x`$ ~~~",
          "&lt;b&gt; &#64;root \\<b> \\@root",
          "\u001b[2J\u001b]0;x\u0007\u0085\u202eabc\u2066\u200f\u200b\ufeff\r\n\t",
          "1. first\n2) second",
          "世界 e\u0301 😀 ｆｕｌｌ",
          "x".repeat(65_536),
          "` ".repeat(2000),
          "\"(" + ")".repeat(700));

  private HostileReport() {}

  /** Returns a report of several findings, each with the text everywhere. */
  static Report of(String text, int findings) {
    Attribution rule =
        new Attribution(
            Kind.RULE,
            text,
            text,
            text,
            text,
            3L,
            Confidence.HIGH,
            List.of(text, "it is " + text + " that counts"),
            List.of(new NextStep("iptables -L '" + text + "'", text)));
    Attribution other =
        new Attribution(
            Kind.POLICY, "drop", null, null, null, null, Confidence.LOW, List.of(), List.of());
    Ranking ranking = new Ranking(List.of(new Counted(text, 2), new Counted("b", 1)), 7, true);
    List<Finding> all = new ArrayList<>();
    for (int i = 0; i < findings; i++) {
      boolean benign = i >= findings - 2;
      all.add(
          new Finding(
              "id" + i,
              0,
              new Classification(
                  null,
                  benign ? "benign.close" : "netfilter.ip.input",
                  benign ? Severity.BENIGN : Severity.DROP,
                  Confidence.MEDIUM,
                  "netfilter: " + text,
                  text,
                  null,
                  List.of(text),
                  List.of(text),
                  List.of(new NextStep("nft list " + text, text)),
                  List.of(text)),
              new DropReason(7L, text, text),
              1000L - i,
              null,
              null,
              List.of(),
              new Namespace(1, List.of(text), false, List.of(), Map.of()),
              List.of(rule, other),
              ranking,
              ranking,
              ranking,
              ranking));
    }
    KernelImage image = KernelImage.of(new MemorySymbols(), Map.of(), KernelFacts.NONE, false);
    Environment environment =
        new Environment(
            text, text, text, text, true, null, true, List.of(text), List.of(text), List.of(text));
    return new Report(
        List.of(
            new BoxReport(
                text, List.of(text), Box.UNKNOWN, environment, SourceNames.of(image, true))),
        new Totals(5000, 3L, 10, 0, null, null, true, null),
        all,
        new EventTable(),
        List.of(text));
  }
}
