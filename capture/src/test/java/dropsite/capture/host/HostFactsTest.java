package dropsite.capture.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostFactsTest {
  private static final Path FORMATS = Path.of("..", "testdata", "captures");

  @TempDir private Path root;

  private HostFacts facts() {
    return new HostFacts(new HostFiles(root));
  }

  private void file(String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, bytes);
  }

  private void file(String path, String text) throws IOException {
    file(path, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] note(String buildId) {
    return HexFormat.of().parseHex("0400000008000000" + "03000000" + "474e5500" + buildId);
  }

  @Test
  void kernelTellsWhereItLiesAndWhichBuildItIs() throws IOException {
    file("proc/sys/kernel/osrelease", "6.1.0\n");
    file("proc/sys/kernel/version", "#1 SMP\n");
    file("sys/kernel/notes", note("0123456789abcdef"));
    file("boot/config-6.1.0", "CONFIG_UNWINDER_ORC=y\n");
    file(
        "proc/kallsyms",
        """
        0000000000000000 A fixed_percpu_data
        ffffffff81000000 T _stext
        ffffffff81000000 T _text
        ffffffff82000000 T _etext
        ffffffff83000000 D after
        """);
    HostKernel kernel = facts().kernel(List.of());
    assertThat(kernel.release()).isEqualTo("6.1.0");
    assertThat(kernel.version()).isEqualTo("#1 SMP");
    assertThat(kernel.buildId()).isEqualTo("0123456789abcdef");
    assertThat(kernel.unwinder()).isEqualTo("orc");
    assertThat(kernel.symbols())
        .containsOnly(
            entry("_stext", 0xffffffff81000000L),
            entry("_text", 0xffffffff81000000L),
            entry("_etext", 0xffffffff82000000L));
  }

  @Test
  void hiddenAddressesAreNoAddresses() throws IOException {
    file(
        "proc/kallsyms",
        """
        0000000000000000 T _stext
        0000000000000000 T _text
        0000000000000000 T _etext
        0000000000000000 t bpf_prog_1\t[bpf]
        """);
    assertThat(facts().kernel(List.of()).symbols()).isEmpty();
    assertThat(facts().symbols(false)).isEmpty();
  }

  @Test
  void whatIsNotThereIsEmpty() {
    HostKernel kernel = facts().kernel(List.of());
    assertThat(kernel.buildId()).isEmpty();
    assertThat(kernel.symbols()).isEmpty();
    assertThat(facts().modules()).isEmpty();
    assertThat(facts().reasons()).isEmpty();
    assertThat(facts().symbols(true)).isEmpty();
  }

  @Test
  void damagedNotesHaveNoBuildId() {
    byte[] notes = note("0123456789abcdef");
    for (int size = 0; size < notes.length; size++) {
      assertThat(ElfNotes.buildId("notes", Arrays.copyOf(notes, size))).isEmpty();
    }
    assertThat(ElfNotes.buildId("notes", HexFormat.of().parseHex("ffffffffffffffff03000000")))
        .isEmpty();
  }

  @Test
  void modulesTellTheirSectionsAndBuild() throws IOException {
    file("proc/modules", "nf_tables 300000 2 a,b, Live 0xffffffffc0100000\n");
    file("sys/module/nf_tables/sections/.text", "0xffffffffc0100000\n");
    file("sys/module/nf_tables/sections/.init.text", "0x0000000000000000\n");
    file("sys/module/nf_tables/notes/.note.gnu.build-id", note("0123456789abcdef"));
    HostModule module = facts().modules().getFirst();
    assertThat(module.name()).isEqualTo("nf_tables");
    assertThat(module.base()).isEqualTo(0xffffffffc0100000L);
    assertThat(module.sizeBytes()).isEqualTo(300000);
    assertThat(module.buildId()).isEqualTo("0123456789abcdef");
    assertThat(module.sections()).containsOnly(entry(".text", 0xffffffffc0100000L));
  }

  @Test
  void symbolsAreThoseOfCodeWithoutDebugFiles() throws IOException {
    file(
        "proc/modules",
        "ext4 1 0 - Live 0xffffffffc0100000\nvendor 1 0 - Live 0xffffffffc0200000 (OE)\n");
    file(
        "proc/kallsyms",
        """
        ffffffff81000000 T _text
        ffffffffc0100000 t inode\t[ext4]
        ffffffffc0200000 t odd\t[vendor]
        ffffffffc0300000 t bpf_prog_1_x\t[bpf]
        """);
    List<KernelSymbols> symbols = facts().symbols(true);
    assertThat(symbols).extracting(KernelSymbols::about).containsExactly("bpf", "vendor", "all");
    assertThat(new String(symbols.get(0).lines(), StandardCharsets.ISO_8859_1))
        .isEqualTo("ffffffffc0300000 t bpf_prog_1_x\t[bpf]\n");
    assertThat(new String(symbols.get(1).lines(), StandardCharsets.ISO_8859_1)).contains(" odd\t");
    assertThat(symbols.get(2).lines()).hasSize((int) Files.size(root.resolve("proc/kallsyms")));
  }

  @Test
  void reasonsComeFromTheTextOfTheTracepointWhereThereAreNoTypes() throws IOException {
    for (String kernel : List.of("6.1", "6.12")) {
      file(
          "sys/kernel/tracing/events/skb/kfree_skb/format",
          Files.readAllBytes(FORMATS.resolve(kernel).resolve("kfree_skb.format")));
      int netfilter = kernel.equals("6.1") ? 7 : 11;
      List<ReasonEnum> reasons = facts().reasons();
      assertThat(reasons).hasSize(1);
      assertThat(reasons.getFirst().origin()).isEqualTo("format");
      assertThat(reasons.getFirst().names())
          .containsEntry(netfilter, "SKB_DROP_REASON_NETFILTER_DROP");
    }
  }

  @Test
  void reasonsWithPrefixKeepIt() {
    assertThat(
            ReasonFormat.read(
                "__print_symbolic(REC->reason, { 2, \"SKB_CONSUMED\" }, { 0x3,"
                    + " \"SKB_DROP_REASON_A\" })"))
        .containsOnly(entry(2, "SKB_CONSUMED"), entry(3, "SKB_DROP_REASON_A"));
    assertThat(ReasonFormat.read("print fmt: \"skbaddr=%p\", REC->skbaddr")).isEmpty();
  }
}
