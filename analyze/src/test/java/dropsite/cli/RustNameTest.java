package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RustNameTest {
  @Test
  void namesOfVersion0ReadAsLlvmReadsThem() throws IOException {
    List<String[]> names = recorded();
    assertThat(names).hasSizeGreaterThan(20);
    for (String[] name : names) {
      assertThat(RustName.demangle(name[0])).isEqualTo(name[1]);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE | core::fmt::Write::write_fmt",
        "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar"
            + "17h930b740aa94f1d3aE | <Test + 'static as foo::Bar<Test>>::bar",
        "_ZN3foo17h05af221e174051e9E.llvm.9D1C9369 | foo",
        "_RNvNtCs5QSdWC790r4_6kernel5print11call_printk.llvm.123 | kernel::print::call_printk"
      })
  void olderNamesLoseTheirHash(String mangled, String name) {
    assertThat(RustName.demangle(mangled)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip_rcv",
        "_ZN3foo3barEi",
        "_ZN9999999999foo17h05af221e174051e9E",
        "_ZN4foo17h05af221e174051e9E",
        "_R",
        "_RNvC",
        "_RNvNvNvB_",
        "_RC99999999foo",
        "_RIIIIIIIIIIB_",
        "_RINvC1a1bTB5_B5_B5_B5_EE",
        "_RNvCu8gdel_5qa3foo"
      })
  void whatIsNoRustNameStays(String name) {
    assertThat(RustName.demangle(name)).isEqualTo(name);
  }

  @Test
  void brokenNamesStayToo() throws IOException {
    for (String[] name : recorded()) {
      for (int i = 2; i < name[0].length(); i++) {
        String cut = name[0].substring(0, i);
        assertThat(RustName.demangle(cut)).doesNotContain("null").isNotEmpty();
        String changed = cut + "B" + name[0].substring(i + 1);
        assertThat(RustName.demangle(changed)).isNotEmpty();
      }
    }
  }

  @Test
  void backReferencesCannotMakeANameGrowWithoutEnd() {
    // Each tuple repeats the one before it twice.
    StringBuilder bomb = new StringBuilder("_RINvC1a1bThhE");
    for (int i = 0; i < 40; i++) {
      bomb.append("TB7_B7_E");
    }
    String name = bomb.append("E").toString();
    assertThat(RustName.demangle(name)).hasSizeLessThan(1 << 15);
  }

  static List<String[]> recorded() throws IOException {
    return Files.readAllLines(Addr2LineGoldenTest.RECORDED.resolve("rust-names.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", 2))
        .toList();
  }
}
