package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.attribution.Attributor;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.capture.host.SnapshotPart;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How drops at one place become one finding for each cause. */
final class FindingsByCauseTest {
  private static final Box BOX =
      new Box(
          "web",
          "boot",
          "",
          "",
          "",
          Map.of(),
          List.of(
              new SnapshotPart(
                  "nft", SnapshotPart.Phase.BEFORE, 1, 1, "", new byte[] {1}, false, "")));

  @Test
  void dropsOfSeveralCausesAreSeveralFindings() throws IOException {
    Report report = report(4, drop -> List.of(rule("rule of " + comm(drop.facts()), 1L)));
    assertThat(report.findings()).hasSize(4).allMatch(finding -> finding.count() == 1);
    assertThat(report.findings()).extracting(Finding::id).doesNotHaveDuplicates();
    for (int row = 0; row < report.events().size(); row++) {
      Finding finding = report.findings().get(report.events().finding(row));
      assertThat(finding.attributions().getFirst().text())
          .isEqualTo("rule of " + report.events().row(row).comm());
    }
  }

  @Test
  void whatIsNotLookedUpIsPutOnNobody() throws IOException {
    Report report = report(4100, drop -> List.of(rule("drop", 5000L)));
    assertThat(report.findings()).hasSize(2);
    Finding explained = report.findings().getFirst();
    Finding rest = report.findings().getLast();
    assertThat(explained.count()).isEqualTo(4000);
    assertThat(explained.attributions()).hasSize(1);
    assertThat(rest.count()).isEqualTo(100);
    assertThat(rest.attributions()).isEmpty();
    assertThat(String.join(" ", rest.classification().evidence())).contains("not looked up");
  }

  @Test
  void aCounterThatMovedLessThanPacketsWereDroppedIsNoProof() throws IOException {
    Report all = report(3, drop -> List.of(rule("drop", 3L)));
    assertThat(all.findings().getFirst().attributions().getFirst().confidence())
        .isEqualTo(Confidence.HIGH);
    Report some = report(3, drop -> List.of(rule("drop", 2L)));
    Attribution doubted = some.findings().getFirst().attributions().getFirst();
    assertThat(doubted.confidence()).isEqualTo(Confidence.LOW);
    assertThat(doubted.evidence().getLast()).contains("moved by 2", "3 packets");
  }

  @Test
  void oneCounterProvesNoMoreThanItCountedInAllFindings() throws IOException {
    // Two places, three drops each, and one rule.
    assertThat(ofTwoPlaces(6)).containsOnly(Confidence.HIGH);
    assertThat(ofTwoPlaces(5)).containsOnly(Confidence.LOW);
  }

  @Test
  void aCounterMayHaveCountedWhatWasLeftOut() throws IOException {
    assertThat(leavingOut(2, 5)).containsOnly(Confidence.HIGH);
    assertThat(leavingOut(2, 4)).containsOnly(Confidence.MEDIUM);
    assertThat(leavingOut(2, 2)).containsOnly(Confidence.LOW);
  }

  private static List<Confidence> leavingOut(int events, long counted) throws IOException {
    return confidences(report(3, drop -> List.of(rule("drop", counted)), BOX, 1, events));
  }

  @Test
  void packetsWithoutASocketAreCountedTogether() throws IOException {
    Attributor sockets =
        drop ->
            List.of(
                new Attribution(
                    Kind.SOCKET,
                    "no socket on " + comm(drop.facts()),
                    null,
                    null,
                    null,
                    2L,
                    Confidence.HIGH,
                    List.of(),
                    List.of()));
    assertThat(confidences(report(2, sockets))).containsExactly(Confidence.HIGH, Confidence.HIGH);
    assertThat(confidences(report(3, sockets))).containsOnly(Confidence.LOW);
  }

  private static List<Confidence> confidences(Report report) {
    return report.findings().stream()
        .map(finding -> finding.attributions().getFirst().confidence())
        .toList();
  }

  private static List<Confidence> ofTwoPlaces(long counted) throws IOException {
    return confidences(report(6, drop -> List.of(rule("drop", counted)), BOX, 2, 0));
  }

  @Test
  void partsOfTheSnapshotsThatCouldNotBeHadAreMissing() throws IOException {
    SnapshotPart part =
        new SnapshotPart(
            "nft", SnapshotPart.Phase.AFTER, 1, 2, "nft", new byte[0], false, "took too long");
    Box box = new Box("web", "boot", "", "", "", Map.of(), List.of(part));
    Report report = report(1, drop -> List.of(), box);
    assertThat(report.boxes().getFirst().environment().missing())
        .anyMatch(sentence -> sentence.contains("nft in netns 1 after (took too long)"));
  }

  @Test
  void limitsOfAttributorsAreWarnings() throws IOException {
    Attributor tired =
        new Attributor() {
          @Override
          public List<Attribution> attribute(DropCase drop) {
            return List.of();
          }

          @Override
          public List<String> limits() {
            return List.of("too many rules");
          }
        };
    assertThat(report(1, tired).boxes().getFirst().environment().warnings())
        .contains("too many rules");
  }

  private static Classification drop(String classId) {
    return new Classification(
        classId, Severity.DROP, Confidence.HIGH, "netfilter", "", null, List.of(), List.of());
  }

  private static @Nullable String comm(EventFacts facts) {
    return facts.comm();
  }

  private static Attribution rule(String text, long counted) {
    return new Attribution(
        Kind.RULE, text, "t", "c", "handle 1", counted, Confidence.HIGH, List.of(), List.of());
  }

  private static Report report(int kinds, Attributor attributor) throws IOException {
    return report(kinds, attributor, BOX);
  }

  private static Report report(int kinds, Attributor attributor, Box box) throws IOException {
    return report(kinds, attributor, box, 1, 0);
  }

  private static Report report(int kinds, Attributor attributor, Box box, int classes, int leftOut)
      throws IOException {
    KernelImage image = KernelImage.of(null, Map.of(), KernelFacts.NONE, false);
    ReportBuilder builder = new ReportBuilder(Narrowing.NONE, List.of(attributor), false);
    BoxFindings findings = builder.begin(Narrowing.NONE, "web", List.of("file"), image, false);
    findings.leaveOut(leftOut);
    ResolvedStack stack = null;
    for (int i = 0; i < kinds; i++) {
      EventFacts facts =
          new EventFacts((long) i, "task" + i, 1, "eth0", 1L, null, null, null, null, null);
      StackEvent event =
          new StackEvent("file", i + 1, "", facts, List.of(StackFrame.ofSymbol("f", 1, 2)), 1);
      stack = stack == null ? new StackResolver(image, false).resolve(event) : stack;
      findings.add(
          0, event, findings.kind(stack, facts, drop("netfilter.ip.input" + i % classes), null));
    }
    builder.end(findings, box);
    return builder.build();
  }
}
