package dropsite.analyze.report.html;

import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Ranking;
import dropsite.analyze.report.Ranking.Counted;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.Tally;
import dropsite.analyze.report.Wording;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the questions that the head of a page answers.
 *
 * @param question in a word or two
 * @param bars the most frequent answers
 * @param others in words, what else there is; empty for nothing
 */
record Panel(String question, List<Bar> bars, String others) {
  private static final int LONGEST_LABEL = 120;

  /**
   * An answer.
   *
   * @param thousandths of all that the question is about
   */
  record Bar(String label, String count, String share, int thousandths) {}

  /** Returns the questions that a report answers about what was lost. */
  static List<Panel> of(Report report, Survey survey) {
    Tally<String> what = new Tally<>();
    Tally<String> where = new Tally<>();
    Tally<String> why = new Tally<>();
    Tally<String> hosts = new Tally<>();
    for (Finding finding : report.findings()) {
      if (finding.classification().severity() != Severity.BENIGN) {
        what.add(finding.classification().title(), finding.count());
        where.add(site(finding, report), finding.count());
        why.add(why(finding), finding.count());
        hosts.add(report.boxes().get(finding.box()).name(), finding.count());
      }
    }
    List<Panel> panels = new ArrayList<>();
    add(panels, "What", what);
    add(panels, "Where in the kernel", where);
    add(panels, "Why", why);
    if (report.boxes().size() > 1) {
      add(panels, "Which box", hosts);
    }
    add(panels, "Packets", survey.packets);
    add(panels, "Interface", survey.interfaces);
    add(panels, "Namespace", survey.namespaces);
    add(panels, "Running task", survey.who);
    return panels;
  }

  private static void add(List<Panel> panels, String question, Tally<String> tally) {
    Ranking ranking = tally.ranking(word -> word);
    if (ranking.isEmpty()) {
      return;
    }
    long all = Math.max(1, tally.total());
    List<Bar> bars = new ArrayList<>();
    for (Counted each : ranking.top()) {
      String word = each.word().isEmpty() ? "(no name)" : each.word();
      bars.add(
          new Bar(
              word.length() > LONGEST_LABEL ? word.substring(0, LONGEST_LABEL) + "…" : word,
              Wording.count(each.count()),
              Wording.share(each.count(), all),
              (int) (1000.0 * each.count() / all)));
    }
    String others =
        ranking.others() == 0
            ? ""
            : (ranking.moreOthers() ? "more than " : "") + ranking.others() + " others";
    panels.add(new Panel(question, bars, others));
  }

  private static String site(Finding finding, Report report) {
    DropPlace place = finding.classification().place();
    return place == null
        ? "seen by counters alone"
        : Wording.site(place, report.boxes().get(finding.box()).names());
  }

  private static String why(Finding finding) {
    String because = FindingView.because(finding);
    return because.isEmpty() ? "not recorded" : because;
  }
}
