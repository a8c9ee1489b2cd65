package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class MarkdownReportTest {
  private static final Parser GITHUB =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  /** What a report of ours is made of; neither links nor pictures nor quotations. */
  private static final Set<String> NODES =
      Set.of(
          "Document",
          "Heading",
          "Paragraph",
          "Text",
          "Code",
          "StrongEmphasis",
          "BulletList",
          "ListItem",
          "FencedCodeBlock",
          "HtmlBlock",
          "SoftLineBreak",
          "TableBlock",
          "TableHead",
          "TableBody",
          "TableRow",
          "TableCell");

  @SuppressWarnings("unused") // named below
  private static final List<String> TEXTS = HostileReport.TEXTS;

  private static String printed(Report report) {
    StringBuilder text = new StringBuilder();
    new MarkdownReport(line -> text.append(line).append('\n')).print(report);
    return text.toString();
  }

  private static List<Node> nodes(String markdown) {
    List<Node> nodes = new ArrayList<>();
    collect(GITHUB.parse(markdown), nodes);
    return nodes;
  }

  private static void collect(Node node, List<Node> nodes) {
    nodes.add(node);
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      collect(child, nodes);
    }
  }

  @ParameterizedTest
  @FieldSource("TEXTS")
  void textsOfABoxStayText(String text) {
    String plain = printed(HostileReport.of("eth0", 3));
    List<Node> nodes = nodes(printed(HostileReport.of(text, 3)));
    assertThat(nodes).extracting(node -> node.getClass().getSimpleName()).isSubsetOf(NODES);
    assertThat(nodes)
        .filteredOn(HtmlBlock.class::isInstance)
        .extracting(node -> ((HtmlBlock) node).getLiteral())
        .isSubsetOf(
            "<details><summary>evidence</summary>",
            "<details><summary>No loss: 2 findings</summary>",
            "</details>");
    assertThat(shape(nodes)).isEqualTo(shape(nodes(plain)));
    for (Node node : nodes) {
      if (node instanceof Text prose) {
        assertThat(prose.getLiteral())
            .doesNotContain("@", "#", "://", "www.", "GH-", "javascript:", "`", "<")
            .doesNotContainPattern("[!$%&~][0-9]");
      }
    }
  }

  /** Returns the blocks and rows, which no text may change the number of. */
  private static List<String> shape(List<Node> nodes) {
    return nodes.stream()
        .map(node -> node.getClass().getSimpleName())
        .filter(name -> !Set.of("Text", "Code").contains(name))
        .toList();
  }

  @ParameterizedTest
  @FieldSource("TEXTS")
  void whatIsCodeIsTheTextItself(String text) {
    String shown = SafeText.of(Wording.cut(text, 600));
    for (String cell : List.of("", "|")) {
      String code = MarkdownText.code(text);
      String markdown = cell.isEmpty() ? code : "| a |\n|---|\n| " + MarkdownText.cell(code) + " |";
      assertThat(nodes(markdown))
          .filteredOn(Code.class::isInstance)
          .extracting(node -> ((Code) node).getLiteral().strip())
          .containsExactly(shown.strip());
    }
  }

  @Test
  void aBlockOfCodeCannotBeEndedByItsText() {
    List<String> block =
        MarkdownText.block("sh", List.of("```", "`````` x", "~~~", "</details>", "a\nb"));
    assertThat(nodes(String.join("\n", block)))
        .filteredOn(FencedCodeBlock.class::isInstance)
        .extracting(node -> ((FencedCodeBlock) node).getLiteral())
        .containsExactly("```\n`````` x\n~~~\n</details>\na\\x0ab\n");
  }

  @Test
  void proseStaysProse() {
    assertThat(MarkdownText.of("the packet was freed inside hook machinery: nf_hook_slow, nf_hook"))
        .isEqualTo("the packet was freed inside hook machinery: `nf_hook_slow`, `nf_hook`");
    assertThat(MarkdownText.of("UDP 10.1.0.2:37136 to [fd01::2]:1 (3), 1,234 others"))
        .isEqualTo("UDP `10.1.0.2:37136` to `[fd01::2]:1` (3), 1,234 others");
    assertThat(MarkdownText.of("a CPU's packet queue is full (\"netdev_max_backlog\")."))
        .isEqualTo("a CPU's packet queue is full (\"`netdev_max_backlog`\").");
  }

  @Test
  void aReportFitsATicketAndSaysWhatItLeavesOut() {
    for (String text : HostileReport.TEXTS) {
      assertThat(printed(HostileReport.of(text, 400)).getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(MarkdownReport.MOST_BYTES);
    }
    String cut = printed(HostileReport.of("eth0 and more of that", 400));
    assertThat(cut)
        .containsPattern(
            "To stay below 60,000 bytes this report is cut: .*findings [0-9]+ to 398 not told");
    assertThat(printed(HostileReport.of("eth0", 3))).doesNotContain("this report is cut");
  }
}
