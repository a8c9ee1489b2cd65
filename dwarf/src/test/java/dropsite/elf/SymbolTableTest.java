package dropsite.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.symbols.Symbol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbols of real files whose functions have the assembler's labels and mapping symbols inside. */
final class SymbolTableTest {
  private static final Path FIXTURES = Path.of("..", "testdata", "fixtures", "bin");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aarch64-gcc-v5.ko",
        "aarch64-clang-v5",
        "riscv64-gcc-v5.ko",
        "riscv64-clang-v5.o",
        "riscv64-gcc-v2"
      })
  void marksInsideFunctionsNeitherEndNorNameThem(String fixture) throws IOException {
    try (ElfImage image = ElfImage.open(FIXTURES.resolve(fixture))) {
      SymbolTable symbols = image.symbols();
      assertThat(symbols.named("$x")).isEmpty();
      assertThat(symbols.named("$d")).isEmpty();
      assertThat(symbols.named(".L0 ")).isEmpty();
      List<Symbol> functions = symbols.functions();
      assertThat(functions).hasSizeGreaterThan(3);
      for (Symbol function : functions) {
        long end = function.linkAddress() + function.sizeBytes();
        assertThat(symbols.nextAddress(function)).isGreaterThanOrEqualTo(end);
        assertThat(symbols.nameAt(end - 1)).isEqualTo(nameAt(symbols, function.linkAddress()));
      }
    }
  }

  private static String nameAt(SymbolTable symbols, long linkAddress) {
    return symbols.covering(linkAddress).orElseThrow().name();
  }
}
