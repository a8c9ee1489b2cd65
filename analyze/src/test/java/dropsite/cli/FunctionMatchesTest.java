package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FunctionMatchesTest {
  /** Two functions of one name, padding behind them, a label inside the first, a label alone. */
  private static final Table SYMBOLS =
      new Table(
          List.of(
              new Symbol("show", 0x1000, 0x25, true, ".text"),
              new Symbol("show_inner", 0x1010, 0, false, ".text"),
              new Symbol("stop", 0x1030, 0x8, true, ".text"),
              new Symbol("show", 0x1040, 0x40, true, ".text"),
              new Symbol("entry", 0x1080, 0, false, ".text")),
          0x1100);

  @Test
  void withoutSizeEveryFunctionOfTheNameMatches() {
    FunctionMatches found = find("show+4");
    assertThat(found.matches())
        .extracting(FunctionMatches.Match::linkAddress)
        .containsExactly(0x1004L, 0x1044L);
    assertThat(found.matches())
        .extracting(FunctionMatches.Match::sizeBytes)
        .containsExactly(0x30L, 0x40L);
  }

  @Test
  void sizeUpToTheNextSymbolTellsFunctionsApart() {
    assertThat(find("show+4/0x30").matches()).hasSize(1);
    assertThat(find("show+4/0x40").matches().getFirst().linkAddress()).isEqualTo(0x1044);
  }

  @Test
  void recordedSizeAndSizeUpToALabelInsideAreSizesToo() {
    assertThat(find("show+4/0x25").matches().getFirst().linkAddress()).isEqualTo(0x1004);
    assertThat(find("show+4/0x10").matches().getFirst().linkAddress()).isEqualTo(0x1004);
  }

  @Test
  void tellsWhichNumbersDoNotFit() {
    assertThat(find("show+0x35/0x30").matches()).isEmpty();
    assertThat(find("show+0x35/0x30").skipped())
        .extracting(FunctionMatches.Skipped::mismatch)
        .containsExactly("0x35 > 0x30", "0x30 != 0x40");
  }

  @Test
  void theByteBehindAFunctionIsStillIts() {
    assertThat(find("stop+0x10").matches()).hasSize(1);
    assertThat(find("stop+0x11").matches()).isEmpty();
  }

  @Test
  void labelsServeWhereNoFunctionHasTheName() {
    assertThat(find("entry+4/0x80").matches()).hasSize(1);
    assertThat(find("nosuch+4").matches()).isEmpty();
  }

  private static FunctionMatches find(String text) {
    return FunctionMatches.of(SYMBOLS, FunctionOffset.parse(text).orElseThrow());
  }

  private record Table(List<Symbol> symbols, long sectionEnd) implements SymbolIndex {
    @Override
    public List<Symbol> named(String name) {
      return symbols.stream().filter(symbol -> symbol.name().equals(name)).toList();
    }

    @Override
    public Optional<Symbol> covering(long linkAddress) {
      return symbols.stream().filter(symbol -> symbol.covers(linkAddress)).findFirst();
    }

    @Override
    public long nextAddress(Symbol symbol) {
      return symbols.stream()
          .map(Symbol::linkAddress)
          .filter(address -> address > symbol.linkAddress())
          .min(Comparator.naturalOrder())
          .orElse(sectionEnd);
    }

    @Override
    public List<Symbol> functions() {
      return symbols.stream().filter(Symbol::function).toList();
    }
  }
}
