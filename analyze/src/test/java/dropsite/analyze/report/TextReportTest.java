package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextReportTest {
  @SuppressWarnings("unused") // named below
  private static final List<String> TEXTS = HostileReport.TEXTS;

  private static List<String> printed(Report report, int width, boolean colour) {
    List<String> lines = new ArrayList<>();
    new TextReport(lines::add, width, colour).print(report);
    return lines;
  }

  @ParameterizedTest
  @FieldSource("TEXTS")
  void textsOfABoxHaveNoPowerOverATerminal(String text) {
    for (String line : printed(HostileReport.of(text, 5), 80, false)) {
      assertThat(line.chars())
          .noneMatch(c ->
              Character.isISOControl(c)
                  || Character.getType(c) == Character.FORMAT
                  || c == 0x2028
                  || c == 0x2029);
    }
  }

  @ParameterizedTest
  @FieldSource("TEXTS")
  void inColourTheOnlyControlSequencesAreOurs(String text) {
    for (String line : printed(HostileReport.of(text, 5), 80, true)) {
      assertThat(line.replaceAll("\u001b\\[[0-9;]*m", "").chars())
          .noneMatch(Character::isISOControl);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 120})
  void noLineButACommandIsWiderThanTheTerminal(int width) {
    for (String text : HostileReport.TEXTS) {
      for (String line : printed(HostileReport.of(text, 30), width, false)) {
        boolean command =
            line.strip().startsWith("iptables ")
                || line.strip().startsWith("nft ")
                || line.equals("      " + SafeText.of(Wording.cut(text, 4000)).stripTrailing());
        assertThat(command ? 0 : Columns.of(line)).as(line).isLessThanOrEqualTo(width);
      }
    }
  }

  @Test
  void widthsThatNobodyCanReadAreNotTaken() {
    Report report = HostileReport.of("word ".repeat(100), 3);
    assertThat(printed(report, 1, false)).isEqualTo(printed(report, 40, false));
    assertThat(printed(report, 9999, false)).isEqualTo(printed(report, 120, false));
  }

  @Test
  void aLongRuleIsCutAndItIsSaidHowMuch() {
    String report = String.join("", printed(HostileReport.of("x".repeat(65_536), 3), 80, false));
    assertThat(report.replaceAll("\\s+", "")).contains("…(64,936morebytes)");
    assertThat(report.length()).isLessThan(60_000);
  }

  @Test
  void theFirstScreenSaysHowManyFindingsItLeavesForLater() {
    List<String> screen = printed(HostileReport.of("eth0", 40), 80, false).subList(0, 24);
    assertThat(screen)
        .first()
        .asString()
        .isEqualTo("39,220 packets lost without an event in 40 findings");
    assertThat(String.join("\n", screen))
        .contains("[1]", "by one of 2: rule eth0", "counter +3", "high confidence", "netns eth0");
    assertThat(screen).anyMatch(line -> line.matches("[0-9]+ more findings of [0-9,]+ events"));
  }

  @Test
  void whatIsNoLossStandsAtTheEndWithItsNumber() {
    List<String> lines = printed(HostileReport.of("eth0", 40), 80, false);
    int heading = lines.indexOf("No loss");
    assertThat(lines.subList(heading + 1, lines.size()))
        .anyMatch(line -> line.startsWith("[39] 962 x netfilter: eth0 (benign.close)"))
        .anyMatch(line -> line.startsWith("[40] 961 x "));
  }

  @Test
  void colourIsTheOnlyDifferenceThatColourMakes() {
    Report report = HostileReport.of("eth0", 10);
    assertThat(printed(report, 80, true))
        .anyMatch(line -> line.contains("\u001b["))
        .extracting(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(printed(report, 80, false));
  }
}
