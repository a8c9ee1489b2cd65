package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnalyzeCommandTest {
  private static final String VMLINUX =
      "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz";
  private static final String MODULES = "../testdata/symbols/modules-6.12.117+deb12-cloud-amd64";
  private static final String CAPTURE = "../testdata/captures/6.12/";

  /** The stack of a kernel that unwinds by frame pointer, probed at a function's entry. */
  private static final String FRAME_POINTER_STACK =
      """
      SKB dropped: 192.0.2.1->192.0.2.2, kstack:
      kfree_skb+1
      __ip_local_out+219
      ip_local_out+29
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void aDropInOutputIsToldWithItsHookItsLineAndTheNextCommand() throws IOException {
    CommandRun run =
        CommandRun.of(
            "analyze",
            "--vmlinux",
            VMLINUX,
            "--modules",
            MODULES,
            "--kernel",
            CAPTURE + "kernel.json",
            CAPTURE + "text/nft_output_drop.bpftrace.txt");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .isEqualTo(Files.readString(Path.of("..", "testdata", "golden", "nft_output_drop.txt")));
  }

  @Test
  void withoutAnySymbolsTheNamesAreJudgedAndWhatIsMissingIsSaid() {
    CommandRun run = CommandRun.withInput(FRAME_POINTER_STACK, "analyze", "-");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "[1] netfilter: IPv4 LOCAL_OUT (OUTPUT chain)",
            "netfilter.ip.output (drop, medium confidence)",
            "in __ip_local_out, from ip_local_out",
            "unwind by frame pointer",
            "iptables -L OUTPUT -v -n --line-numbers",
            "missing: the kernel's release and build-id are not recorded",
            "missing: no debugging information given",
            "--vmlinux FILE");
  }

  @Test
  void anotherKernelsSymbolsAreUsedOnlyWithDoubt() {
    CommandRun run =
        CommandRun.withInput(FRAME_POINTER_STACK, "analyze", "--vmlinux", VMLINUX, "-");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .contains("not known to fit", "medium confidence", "source lines hold only if it is");
  }

  @Test
  void jsonHasTheFieldsThatProgramsReadAndNothingElseOnStandardOutput() throws IOException {
    CommandRun run =
        CommandRun.of(
            "analyze",
            "--json",
            "--vmlinux",
            VMLINUX,
            "--modules",
            MODULES,
            CAPTURE + "events.jsonl");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("schema").asInt()).isEqualTo(1);
    assertThat(report.get("totals").get("events").asInt()).isEqualTo(104);
    assertThat(report.get("events")).hasSize(104);
    assertThat(report.get("findings"))
        .extracting(each -> each.get("id").asText())
        .doesNotHaveDuplicates();
    JsonNode finding = report.get("findings").get(0);
    assertThat(finding.fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "class",
            "severity",
            "confidence",
            "reason",
            "title",
            "explanation",
            "count",
            "firstNanos",
            "lastNanos",
            "site",
            "evidence",
            "attribution",
            "next",
            "stack",
            "box",
            "reasonNumber",
            "rule",
            "causes",
            "links",
            "namespace",
            "attributions",
            "who",
            "packets",
            "interfaces",
            "namespaces",
            "stacks",
            "events");
    assertThat(finding.get("class").asText()).isEqualTo("qdisc");
    assertThat(finding.get("count").asInt()).isEqualTo(30);
    assertThat(finding.get("reason").asText()).isEqualTo("QDISC_DROP");
    assertThat(finding.get("site").toString())
        .isEqualTo(
            "{\"function\":\"__dev_xmit_skb\",\"file\":\"net/core/dev.c\",\"line\":4038,"
                + "\"caller\":\"__dev_queue_xmit\"}");
    assertThat(finding.get("stack").get(0).fieldNames())
        .toIterable()
        .containsExactly(
            "address",
            "linkAddress",
            "symbol",
            "offset",
            "size",
            "module",
            "function",
            "file",
            "line",
            "column",
            "inlined",
            "elided",
            "hidden",
            "unreliable",
            "exact",
            "context",
            "arguments",
            "note");
    JsonNode event = report.get("events").get(0);
    assertThat(event.get("packet").get("summary").asText())
        .isEqualTo("UDP 10.3.0.1:56464 to 10.3.0.2:171");
    assertThat(report.get("environment").get("veryKernel").asBoolean()).isTrue();
  }

  @Test
  void aFileOfAnotherBuildIsRefusedWithBothBuildIds() throws IOException {
    Path kernel = folder.resolve("kernel.json");
    Files.writeString(kernel, "{\"build_id\": \"00ff\"}");
    Path text = folder.resolve("drops.txt");
    Files.writeString(text, FRAME_POINTER_STACK);
    CommandRun refused =
        CommandRun.of(
            "analyze", "--vmlinux", VMLINUX, "--kernel", kernel.toString(), text.toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("00ff", "7f76f39faf07f34cfa9fadd801e131bfa8cb6dc3", "--force")
        .hasLineCount(1);
    CommandRun forced =
        CommandRun.of(
            "analyze",
            "--force",
            "--vmlinux",
            VMLINUX,
            "--kernel",
            kernel.toString(),
            text.toString());
    assertThat(forced.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(forced.out().replaceAll("\\s+", " "))
        .contains("used because of --force, lines may be wrong");
  }

  @Test
  void hostileNamesDoNotReachTheTerminal() {
    CommandRun run =
        CommandRun.withInput(
            "comm=\u001b[2Jevil\u202e\u0007 pid=1 reason=2\n\nkfree_skb+16\nunix_release_sock+5\n",
            "analyze",
            "-");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("\\x1b[2Jevil\\u202e\\x07");
    assertThat(run.out().chars()).noneMatch(c -> (c < ' ' && c != '\n') || c == 0x202e);
  }

  @Test
  void problemsAreOneLineAndAnExitCode() throws IOException {
    Path empty = folder.resolve("empty.txt");
    Files.writeString(empty, "nothing here\n");
    Path broken = folder.resolve("broken.jsonl");
    Files.writeString(broken, "{\"stack\": 5}\n");
    check(ExitCode.FAILED, "empty.txt: no stack found", empty.toString());
    check(ExitCode.FAILED, "broken.jsonl: line 1: stack", broken.toString());
    check(ExitCode.FAILED, "no such file", folder.resolve("absent").toString());
    check(ExitCode.FAILED, "is a directory", folder.toString());
    check(ExitCode.FAILED, "neither an ELF", "--vmlinux", empty.toString(), empty.toString());
    check(ExitCode.USAGE, "Missing required parameter");
    check(ExitCode.USAGE, "Unknown option", "--nonsense", empty.toString());
  }

  private static void check(int exitCode, String message, String... args) {
    String[] words = new String[args.length + 1];
    words[0] = "analyze";
    System.arraycopy(args, 0, words, 1, args.length);
    CommandRun run = CommandRun.of(words);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).contains(message).hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }
}
