package dropsite.analyze.report.html;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.classify.SourceLinks;
import dropsite.analyze.report.BoxReport;
import dropsite.analyze.report.CountedStack;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Ranking;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.report.Wording;
import dropsite.analyze.stack.Layer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finding in a page.
 *
 * @param finding what it tells of
 * @param index of it in the report
 * @param series its colour
 * @param host its box, where there are several; empty elsewhere
 * @param namespace that it was in; empty when not known
 * @param site function, file and line; null when not known
 * @param caller of that; null when not known
 * @param because {@link #because(Finding)}
 * @param causes what may be behind it
 * @param attributions what in the snapshots explains it
 * @param stacks the most frequent ones
 * @param moreStacks how many more there are
 * @param next commands
 * @param namespaces of the packets, where they were in several
 * @param interfaces of the packets
 * @param who tasks that were running
 * @param packets what the packets were
 * @param rows of its events that the page has
 */
record FindingView(
    Finding finding,
    int index,
    int series,
    String host,
    String namespace,
    StackView.@Nullable SourceLine site,
    StackView.@Nullable SourceLine caller,
    String because,
    List<String> causes,
    List<Cause> attributions,
    List<String> evidence,
    List<StackView> stacks,
    int moreStacks,
    List<NextStep> next,
    String namespaces,
    String interfaces,
    String who,
    List<String> packets,
    int rows) {
  private static final int MOST_STACKS = 3;
  private static final int MOST_CAUSES = 8;
  private static final int MOST_SENTENCES = 40;
  private static final int MOST_COMMANDS = 30;
  private static final int LONGEST_SENTENCE = 2000;
  private static final int LONGEST_RULE = 70_000;
  private static final int LONGEST_LABEL = 160;

  /**
   * Something in the snapshots that explains a drop.
   *
   * @param text as the box prints it
   * @param where it stands
   * @param counter what its counter did
   * @param confidence how sure it is
   */
  record Cause(
      String text,
      String where,
      String counter,
      String confidence,
      List<String> evidence,
      List<NextStep> commands) {}

  static FindingView of(
      Finding finding, int index, int series, BoxReport box, boolean onlyBox, int rows, Room room) {
    Classification classification = finding.classification();
    SourceNames names = box.names();
    SourceLinks links = SourceLinks.of(box.environment().release(), box.box().version());
    DropPlace place = classification.place();
    Layer layer = place == null ? null : place.layer();
    Layer caller = place == null ? null : place.caller();
    StackView.SourceLine site =
        layer != null
            ? StackView.of(layer, "", names, links, room)
            : place == null
                ? null
                : new StackView.SourceLine("", Wording.frame(place.frame()), null, null);
    List<StackView> stacks = new ArrayList<>();
    for (CountedStack each : finding.stacks().stream().limit(room.most(MOST_STACKS)).toList()) {
      stacks.add(StackView.of(each, names, links, room));
    }
    return new FindingView(
        finding,
        index,
        series,
        onlyBox ? "" : room.cut(box.name(), LONGEST_LABEL),
        finding.namespace() == null ? "" : room.cut(finding.namespace().inWords(), LONGEST_LABEL),
        site,
        caller == null ? null : StackView.of(caller, "", names, links, room),
        room.cut(because(finding), LONGEST_LABEL),
        room.cut(classification.causes(), MOST_SENTENCES, LONGEST_SENTENCE),
        finding.attributions().stream()
            .limit(room.most(MOST_CAUSES))
            .map(each -> cause(each, room))
            .toList(),
        room.cut(classification.evidence(), MOST_SENTENCES, LONGEST_SENTENCE),
        stacks,
        finding.stacks().size() - stacks.size(),
        commands(classification.next(), room),
        String.join(", ", words(finding.namespaces(), room)),
        String.join(", ", words(finding.interfaces(), room)),
        String.join(", ", words(finding.who(), room)),
        words(finding.packets(), room),
        rows);
  }

  /** Returns what explains a finding, the likeliest alone, or else the reason the kernel gave. */
  static String because(Finding finding) {
    if (!finding.attributions().isEmpty()) {
      Attribution likeliest = finding.attributions().getFirst();
      return doubt(likeliest.confidence()) + likeliest.text();
    }
    return finding.reason() == null ? "" : "reason " + finding.reason().inWords();
  }

  private static String doubt(Confidence confidence) {
    return switch (confidence) {
      case HIGH -> "";
      case MEDIUM -> "probably ";
      case LOW -> "perhaps ";
    };
  }

  /** Returns the likeliest cause alone; only where one is known. */
  String cause() {
    return because.substring(doubt(finding.attributions().getFirst().confidence()).length());
  }

  /** Returns what leads to the cause in a sentence; empty where none is known. */
  String conjunction() {
    return finding.attributions().isEmpty()
        ? ""
        : ", "
            + doubt(finding.attributions().getFirst().confidence())
            + "because of "
            + (finding.attributions().size() == 1
                ? ""
                : "one of " + finding.attributions().size() + ": ");
  }

  private static List<String> words(Ranking ranking, Room room) {
    return ranking.inWords().stream().map(word -> room.cut(word, LONGEST_LABEL)).toList();
  }

  private static Cause cause(Attribution attribution, Room room) {
    return new Cause(
        room.cut(attribution.text(), LONGEST_RULE),
        room.cut(Wording.whereabouts(attribution), LONGEST_SENTENCE),
        Wording.counter(attribution),
        attribution.confidence().word(),
        room.cut(attribution.evidence(), MOST_SENTENCES, LONGEST_SENTENCE),
        commands(attribution.commands(), room));
  }

  private static List<NextStep> commands(List<NextStep> steps, Room room) {
    return steps.stream()
        .limit(room.most(MOST_COMMANDS))
        .map(step ->
            new NextStep(
                room.cut(step.command(), LONGEST_SENTENCE), room.cut(step.why(), LONGEST_SENTENCE)))
        .toList();
  }

  /** Returns the name of its section in links. */
  String anchor() {
    return "finding-" + finding.id();
  }

  /** Returns its number for people. */
  int number() {
    return index + 1;
  }

  /** Returns how many there are. */
  String count() {
    return Wording.count(finding.count());
  }

  /** Returns what they are. */
  String unit() {
    String one = finding.stacks().isEmpty() ? "packet" : "event";
    return finding.count() == 1 ? one : one + "s";
  }

  String title() {
    return finding.classification().title();
  }

  String classId() {
    return finding.classification().classId();
  }

  String severity() {
    return finding.classification().severity().word();
  }

  String confidence() {
    return finding.classification().confidence().word();
  }

  boolean benign() {
    return finding.classification().severity() == Severity.BENIGN;
  }

  /** Returns what the kernel said; null when that was not recorded. */
  @Nullable String reason() {
    return finding.reason() == null ? null : finding.reason().inWords();
  }
}
