package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.KernelBanner;
import dropsite.command.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SymbolizeCommandTest {
  private static final String VMLINUX =
      "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz";
  private static final String MODULES = "../testdata/symbols/modules-6.12.117+deb12-cloud-amd64";
  private static final Path TEXTS = Path.of("..", "testdata", "captures", "6.12", "text");

  private static CommandRun symbolize(String... more) {
    String[] words =
        Stream.concat(
                Stream.of("symbolize", "--vmlinux", VMLINUX, "--modules", MODULES), Stream.of(more))
            .toArray(String[]::new);
    return CommandRun.of(words);
  }

  @Test
  void functionsAndLinesStandBeneathEachFrame() throws IOException {
    CommandRun run = symbolize(TEXTS.resolve("nft_output_drop.ftrace.txt").toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .isEqualTo(
            Files.readString(
                Path.of("..", "testdata", "golden", "nft_output_drop.symbolized.txt")));
  }

  @Test
  void withoutTheAddedLinesTheTextIsUntouched() throws IOException {
    try (Stream<Path> texts = Files.list(TEXTS)) {
      List<Path> files = texts.sorted().toList();
      assertThat(files).hasSizeGreaterThan(80);
      StringBuilder input = new StringBuilder();
      for (Path file : files) {
        input.append(Files.readString(file, StandardCharsets.UTF_8));
      }
      String out = symbolize(files.stream().map(Path::toString).toArray(String[]::new)).out();
      // No line of these texts begins with exactly the eight blanks of an added one.
      String stripped =
          out.lines()
              .filter(line -> !line.startsWith("        ") || line.startsWith("         "))
              .collect(Collectors.joining("\n", "", "\n"));
      assertThat(stripped).isEqualTo(input.toString());
    }
  }

  private static String oops(String release) {
    return """
    BUG: kernel NULL pointer dereference, address: 0000000000000008
    CPU: 0 PID: 9 Comm: x Tainted: G           OE      %s #1
    Call Trace:
     some_function+0x10/0x99
    """
        .formatted(release);
  }

  @Test
  void theReleaseThatATextPrintsIsComparedWithThatOfTheKernel(@TempDir Path folder)
      throws IOException {
    String vmlinux = KernelBanner.write(folder.resolve("vmlinux"), "6.1.0-9-amd64").toString();
    assertThat(CommandRun.withInput(oops("6.1.0-9-amd64"), "symbolize", "--vmlinux", vmlinux).err())
        .contains("vmlinux is of the recorded release, 6.1.0-9-amd64; nothing shows");
    assertThat(CommandRun.withInput(oops("6.1.0-8-amd64"), "symbolize", "--vmlinux", vmlinux).err())
        .contains(
            "vmlinux is not of the recorded kernel, source lines do not hold: the recording names"
                + " kernel 6.1.0-8-amd64, the file is of 6.1.0-9-amd64");
  }

  @Test
  void theNameOfAFileContradictsNoRelease() {
    assertThat(symbolizeText(oops("6.12.117+deb12-cloud-amd64")).err())
        .contains("is of the recorded release");
    assertThat(symbolizeText(oops("6.1.0")).err()).contains("nothing shows that ../testdata");
  }

  @Test
  void theReleaseThatATextPrintsIsInItsJson() throws IOException {
    String json = CommandRun.withInput(oops("6.1.0-9-amd64"), "symbolize", "--json").out();
    assertThat(new ObjectMapper().readTree(json).at("/kernel/release").textValue())
        .isEqualTo("6.1.0-9-amd64");
  }

  private static CommandRun symbolizeText(String text) {
    return CommandRun.withInput(text, "symbolize", "--vmlinux", VMLINUX);
  }

  @Test
  void textWithoutStacksComesBackAsItIsAndTheExitCodeSaysSo() {
    CommandRun run = CommandRun.withInput("no stack\r\nhere", "symbolize", "--vmlinux", VMLINUX);
    assertThat(run.out()).isEqualTo("no stack\r\nhere");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("no stack found").doesNotContain("JSON");
  }

  @Test
  void whoeverGivesEventsInJsonIsToldHowTheyAreRead() {
    String events = "\n {\"type\": \"attached_probes\", \"data\": {\"probes\": 1}}\n";
    CommandRun run = CommandRun.withInput(events, "symbolize", "--vmlinux", VMLINUX);
    assertThat(run.out()).isEqualTo(events);
    assertThat(run.err()).contains("no stack found (events in JSON need --json)");
  }

  @Test
  void framesThatCannotBeResolvedSayWhyAndCount() {
    CommandRun run =
        CommandRun.withInput(
            "ip_rcv+69\nnot_in_this_kernel+12\nip_rcv+99999", "symbolize", "--vmlinux", VMLINUX);
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains("        (inlined by) ip_rcv at net/ipv4/ip_input.c:569")
        .contains("        ! no such symbol in")
        .contains("        ! offset 99999 is beyond the end of ip_rcv")
        .endsWith("\n");
  }

  @Test
  void exactTakesAddressesAsTheyAre() {
    // nf_hook_slow returns from freeing the packet into another line.
    String stack =
        """
        \tffffffff85cd300a nf_hook_slow+170
        \tffffffff85ce43a6 ip_output+102
        \tffffffff85ce6b16 ip_send_skb+134
        """;
    assertThat(CommandRun.withInput(stack, "symbolize", "--vmlinux", VMLINUX).out())
        .contains("        kfree_skb_reason at include/linux/skbuff.h:1296");
    assertThat(CommandRun.withInput(stack, "symbolize", "--exact", "--vmlinux", VMLINUX).out())
        .contains("        NF_DROP_GETERR at include/linux/netfilter.h:22");
  }

  @Test
  void fullPathKeepsWhatTheCompilerRecorded() {
    CommandRun run =
        CommandRun.withInput("ip_rcv+69\n", "symbolize", "--full-path", "--vmlinux", VMLINUX);
    assertThat(run.out()).contains("ip_rcv at ").contains("/net/ipv4/ip_input.c:");
  }

  @Test
  void jsonIsOneObjectForEachStack() throws IOException {
    CommandRun run = symbolize("--json", TEXTS.resolve("bridge_isolated.ftrace.txt").toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    List<String> lines = run.out().lines().toList();
    assertThat(lines).isNotEmpty();
    JsonNode stack = new ObjectMapper().readTree(lines.getFirst());
    assertThat(stack.fieldNames())
        .toIterable()
        .containsExactly(
            "stack",
            "source",
            "kind",
            "count",
            "title",
            "kernel",
            "slide",
            "slideSource",
            "frames",
            "repairs");
    assertThat(stack.get("slide").asText()).isEqualTo("0x4200000");
    assertThat(stack.get("slideSource").asText()).isEqualTo("symbols");
    assertThat(stack.get("source").asText()).endsWith("bridge_isolated.ftrace.txt:15");
    assertThat(stack.get("frames").get(0).get("hidden").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x86_64-gcc-v5.ko | is a module; give vmlinux with --vmlinux and the folder of modules with"
            + " --modules",
        ". | is a directory"
      })
  void whatIsNoKernelIsRefused(String file, String problem) {
    String vmlinux = CommandRun.fixture(file);
    CommandRun run = CommandRun.withInput("ip_rcv+69\n", "symbolize", "--vmlinux", vmlinux);
    assertThat(run.err()).isEqualTo("dropsite symbolize: " + vmlinux + ": " + problem + "\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void oneLineSaysThatNothingShowsTheKernelToFit() {
    CommandRun run =
        CommandRun.withInput("ip_rcv+69\n\nip_rcv+69\n", "symbolize", "--vmlinux", VMLINUX);
    assertThat(run.err())
        .isEqualTo(
            "nothing shows that "
                + VMLINUX
                + " is of the recorded kernel: source lines hold only if it is\n");
  }

  @Test
  void oneLineSaysThatTheKernelIsAnother() {
    String words = VMLINUX + " is not of the recorded kernel, source lines do not hold: ";
    String addresses = "\tffffffff85cd300a nf_hook_slow+170\n\tffffffff85ce43a0 ip_output+103\n";
    assertThat(CommandRun.withInput(addresses, "symbolize", "--vmlinux", VMLINUX).err())
        .isEqualTo(words + "names and addresses in the stack agree on no one place for it\n");
    assertThat(
            CommandRun.withInput(" => ip_rcv+0x45/0x99\n", "symbolize", "--vmlinux", VMLINUX).err())
        .isEqualTo(
            words + "ip_rcv has another size in the stack; 1 frame looks like another build's\n");
  }

  @Test
  void controlBytesAndHugeOffsetsNeverCutAStack() {
    String input =
        """
        \tffffffff85cd300a nf_hook_slow+170
        \tffffffff85ce43a6 ip_out\0put+102
        \tffffffff85ce6b16 ip_send_skb+99999999999999999999999
        \tip_\0rcv+69
        \tip_rcv+0xffffffffffffffff
        \tffffffff85ce6b16 ip_send_skb+134\0
        """;
    CommandRun text = CommandRun.withInput(input, "symbolize", "--vmlinux", VMLINUX);
    assertThat(text.out())
        .contains(
            "ip_out\0put+102\n        ",
            " ip_output at net/ipv4/ip_output.c:",
            "! the name has control bytes in it",
            "! the offset is larger than any function");
    CommandRun json = CommandRun.withInput(input, "symbolize", "--json", "--vmlinux", VMLINUX);
    assertThat(json.out().lines()).hasSize(1);
    CommandRun report = CommandRun.withInput(input, "analyze", "--vmlinux", VMLINUX, "-");
    assertThat(report.out()).startsWith("1 drop in 1 finding").doesNotContain("\0");
  }

  @Test
  void whatIsDecodedAlreadyIsLeftAsItIs() throws IOException {
    String text = "Call Trace:\n <TASK>\n ? tcp_v4_rcv (net/ipv4/tcp_ipv4.c:2205)\n </TASK>\n";
    CommandRun run = CommandRun.withInput(text, "symbolize", "--vmlinux", VMLINUX);
    assertThat(run.out()).isEqualTo(text);
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    String json = CommandRun.withInput(text, "symbolize", "--json", "--vmlinux", VMLINUX).out();
    JsonNode frame = new ObjectMapper().readTree(json).get("frames").get(0);
    assertThat(frame.get("function").asText()).isEqualTo("tcp_v4_rcv");
    assertThat(frame.get("file").asText()).isEqualTo("net/ipv4/tcp_ipv4.c");
    assertThat(frame.get("line").asInt()).isEqualTo(2205);
    assertThat(frame.get("unreliable").asBoolean()).isTrue();
  }

  @Test
  void manyFilesEachGetTheirOwnOutput(@TempDir Path folder) throws IOException {
    Path ftrace = TEXTS.resolve("nft_output_drop.ftrace.txt");
    Path other = TEXTS.resolve("ttl_expired.ftrace.txt");
    Path out = folder.resolve("new/out");
    CommandRun run = symbolize("--output-dir", out.toString(), ftrace.toString(), other.toString());
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(out.resolve(ftrace.getFileName())).hasContent(symbolize(ftrace.toString()).out());
    assertThat(out.resolve(other.getFileName())).hasContent(symbolize(other.toString()).out());
    CommandRun json = symbolize("--json", "--output-dir", out.toString(), other.toString());
    assertThat(json.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(out.resolve(other.getFileName() + ".jsonl"))
        .hasContent(symbolize("--json", other.toString()).out());
  }

  @Test
  void oneTextThatCannotBeReadDoesNotKeepTheOthersWaiting(@TempDir Path folder) throws IOException {
    Path text = TEXTS.resolve("nft_output_drop.ftrace.txt");
    String gone = folder.resolve("gone.txt").toString();
    Path out = folder.resolve("out");
    CommandRun run =
        symbolize("--output-dir", out.toString(), gone, folder.toString(), text.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .isEqualTo(
            "dropsite symbolize: "
                + gone
                + ": no such file\ndropsite symbolize: "
                + folder
                + ": is a directory\n");
    assertThat(out.resolve(text.getFileName())).hasContent(symbolize(text.toString()).out());
  }

  @Test
  void modulesWithoutAFileAreNamed() {
    CommandRun run =
        CommandRun.withInput(
            "Call Trace:\n hook+0x10/0x40 [some_module]\n", "symbolize", "--vmlinux", VMLINUX);
    assertThat(run.err()).contains("no file for module some_module: ", "--modules DIR");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void anOutputFolderNeverTakesTheNameOfAnInputOrOfAnotherOutput(@TempDir Path folder)
      throws IOException {
    Path text = TEXTS.resolve("nft_output_drop.ftrace.txt");
    Path copy = Files.copy(text, folder.resolve(text.getFileName()));
    assertThat(symbolize("--output-dir", folder.toString(), copy.toString()).err())
        .contains("would be written over");
    assertThat(copy).hasSameBinaryContentAs(text);
    Path out = folder.resolve("out");
    assertThat(symbolize("--output-dir", out.toString(), copy.toString(), text.toString()).err())
        .contains("would both become");
    assertThat(symbolize("--output-dir", out.toString()).err()).contains("standard input");
    assertThat(out).doesNotExist();
  }
}
