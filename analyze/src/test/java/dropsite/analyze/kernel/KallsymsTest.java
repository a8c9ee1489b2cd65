package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.StackFrame;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KallsymsTest {
  private static final long TEXT = 0xffffffff81000000L;
  private static final long SLIDE = 0x4200000L;
  private static final long MODULE = 0xffffffffc0400000L;

  private static final String LINES =
      """
      0000000000000000 A fixed_percpu_data
      ffffffff85200000 T _text
      ffffffff85200000 T _stext
      ffffffff86200000 T _etext
      ffffffffc0400010 t beta\t[mod]
      ffffffffc0400000 t alpha\t[mod]
      ffffffffc0402000 d alpha_data\t[mod]
      ffffffffc0500000 t bpf_prog_6deef7357e7b4530_drop\t[bpf]
      not a line
      """;

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("kallsyms"), text);
  }

  private static MemorySymbols vmlinux() {
    return new MemorySymbols()
        .symbol("_text", TEXT, 0)
        .symbol("_stext", TEXT, 0)
        .symbol("_etext", TEXT + 0x1000000, 0)
        .with("start", TEXT, 0x100, "a.c", 1);
  }

  private static KernelImage image(MemorySymbols vmlinux, KernelFacts facts) {
    MemorySymbols module =
        new MemorySymbols()
            .asModule()
            .with("alpha", 0x1000, 0x10, "m.c", 1)
            .with("beta", 0x1010, 0x10, "m.c", 2);
    return KernelImage.of(vmlinux, Map.of("mod", module), facts, false);
  }

  @Test
  void tellsWhereTheKernelIs() throws IOException {
    try (KernelImage image = image(vmlinux(), KernelFacts.NONE.with(Kallsyms.read(file(LINES))))) {
      assertThat(image.slide(List.of(StackFrame.ofAddress(TEXT)), new SlideVotes()).slide())
          .isEqualTo(Slide.recorded(SLIDE, Slide.Source.KALLSYMS));
      assertThat(image.warnings()).isEmpty();
    }
  }

  @Test
  void whatWasRecordedWithTheEventsComesFirst() throws IOException {
    KernelFacts recorded =
        new KernelFacts(
            "kernel.json", null, null, Map.of("_text", TEXT + 0x200000), List.of(), Map.of());
    try (KernelImage image = image(vmlinux(), recorded.with(Kallsyms.read(file(LINES))))) {
      assertThat(image.slide(List.of(), new SlideVotes()).slide())
          .isEqualTo(Slide.recorded(0x200000, Slide.Source.CAPTURE));
      assertThat(image.warnings())
          .singleElement()
          .asString()
          .contains("is of another boot than kernel.json");
    }
  }

  @Test
  void kallsymsOfAnotherKernelIsNotUsed() throws IOException {
    MemorySymbols other =
        new MemorySymbols().symbol("_stext", TEXT, 0).symbol("_etext", TEXT + 0xf00000, 0);
    try (KernelImage image = image(other, KernelFacts.NONE.with(Kallsyms.read(file(LINES))))) {
      assertThat(image.slide(List.of(), new SlideVotes()).slide()).isNull();
      assertThat(image.warnings())
          .singleElement()
          .asString()
          .contains("is of another kernel than vmlinux", "0x1000000", "0xf00000");
    }
  }

  @Test
  void modulesAreWhereTheirSymbolsSay() throws IOException {
    try (KernelImage image = image(vmlinux(), KernelFacts.NONE.with(Kallsyms.read(file(LINES))))) {
      assertThat(image.placeOf(MODULE + 0x15, null)).map(Place::linkAddress).contains(0x1015L);
      assertThat(image.placeOf(MODULE - 1, null)).isEmpty();
    }
  }

  @Test
  void nothingThatWasListedIsWhereItWasInAnotherBoot() throws IOException {
    Slide other = new Slide(SLIDE + 0x200000, Slide.Source.INFERRED, 8, 0, 0);
    try (KernelImage image = image(vmlinux(), KernelFacts.NONE.with(Kallsyms.read(file(LINES))))) {
      assertThat(image.moduleAt(MODULE + 0x15, other)).isNull();
      assertThat(image.placeOf(MODULE + 0x15, other)).map(Place::module).isEmpty();
      assertThat(image.named(StackFrame.ofAddress(0xffffffffc0500021L), other)).isNull();
    }
  }

  @Test
  void programsHaveTheNameThatTheKernelGaveThem() throws IOException {
    try (KernelImage image = image(vmlinux(), KernelFacts.NONE.with(Kallsyms.read(file(LINES))))) {
      assertThat(image.named(StackFrame.ofAddress(0xffffffffc0500021L), null))
          .isEqualTo(
              StackFrame.ofSymbol("bpf_prog_6deef7357e7b4530_drop", 0x21, StackFrame.UNKNOWN)
                  .in("bpf"));
      assertThat(image.moduleAt(0xffffffffc0500021L)).isNull();
      assertThat(image.named(StackFrame.ofAddress(TEXT), null)).isNull();
    }
  }

  @Test
  void compressedCopiesAreReadByWhatTheyHold() throws IOException {
    Path packed = folder.resolve("copy");
    try (OutputStream output = new GZIPOutputStream(Files.newOutputStream(packed))) {
      output.write(Files.readAllBytes(file(LINES)));
    }
    assertThat(Kallsyms.read(packed).places()).containsEntry("_text", TEXT + SLIDE);
    Path recorded = Path.of("..", "testdata", "captures", "6.12", "kallsyms.xz");
    assertThat(Kallsyms.read(recorded).places()).containsEntry("_text", TEXT + SLIDE);
  }

  @Test
  void hiddenAddressesAreNamedAsTheReason() throws IOException {
    Path hidden = file("0000000000000000 T _text\n0000000000000000 t alpha\t[mod]\n");
    assertThatThrownBy(() -> Kallsyms.read(hidden))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContainingAll("kallsyms", "every address is zero", "kptr_restrict");
  }

  @Test
  void aFileWithoutSymbolsIsRefused() throws IOException {
    Path other = file("hello\nworld\n");
    assertThatThrownBy(() -> Kallsyms.read(other))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("has no line of /proc/kallsyms");
  }
}
