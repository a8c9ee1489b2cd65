package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.kernel.NamedSymbols.NamedSymbol;
import org.junit.jupiter.api.Test;

final class NamedSymbolsTest {
  private static final long TEXT = 0xffffffff81000000L;

  private final MemorySymbols file =
      new MemorySymbols()
          .symbol("entry", TEXT, 0x60)
          .symbol("safe_stack", TEXT + 0x2b, 0)
          .symbol("padded", TEXT + 0x60, 0x15)
          .symbol("next", TEXT + 0x80, 0x11);

  private NamedSymbol named(String name) {
    return new NamedSymbols().in(file, name).getFirst();
  }

  @Test
  void aLabelInsideMakesTheKernelPrintLessThanTheFunctionHas() {
    NamedSymbol entry = named("entry");
    assertThat(entry.hasSize(0x2b)).isTrue();
    assertThat(entry.hasSize(0x60)).isTrue();
    assertThat(entry.hasSize(0x40)).isFalse();
    assertThat(entry.sizeBytes()).isEqualTo(0x60);
    assertThat(entry.roomBytes()).as("places behind the label are in it, too").isEqualTo(0x60);
  }

  @Test
  void fillingBehindAFunctionCountsForTheKernel() {
    NamedSymbol padded = named("padded");
    assertThat(padded.hasSize(0x15)).isTrue();
    assertThat(padded.hasSize(0x20)).isTrue();
    assertThat(padded.hasSize(0x16)).isFalse();
    assertThat(padded.roomBytes()).isEqualTo(0x20);
  }

  @Test
  void theLastSymbolOfASectionReachesToWhereTheNextSectionMayBegin() {
    NamedSymbol last = named("next");
    assertThat(last.hasSize(0x11)).isTrue();
    assertThat(last.hasSize(0x20)).isTrue();
    assertThat(last.hasSize(0x30)).isFalse();
  }
}
