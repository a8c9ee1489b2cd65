package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.facts.CompletedSymbols;
import dropsite.facts.FactsFile;
import dropsite.facts.FactsWriter;
import dropsite.facts.Origin;
import dropsite.gsym.GsymFile;
import dropsite.gsym.GsymWriter;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A symbol file with its sidecar answers as the debugging information does, in everything. */
final class FactsRoundTripTest {
  @TempDir private Path folder;

  static Stream<Fixture> linked() throws IOException {
    return SymbolFileRoundTripTest.linked();
  }

  @ParameterizedTest
  @MethodSource("linked")
  void sidecarMakesAnswersEqual(Fixture fixture) throws IOException {
    try (DwarfFile source = DwarfFile.open(fixture.file());
        CompletedSymbols made = made(source)) {
      int compared = 0;
      for (Fixture.Row row : fixture.rows()) {
        long address = row.offset();
        if (!made.expresses(address) || isData(source, address)) {
          continue;
        }
        assertThat(made.frames(address)).as("0x%x", address).isEqualTo(source.frames(address));
        assertThat(made.constantArguments(address))
            .as("0x%x", address)
            .isEqualTo(source.constantArguments(address));
        assertThat(made.callSites(address))
            .as("0x%x", address)
            .isEqualTo(source.callSites(address));
        compared++;
      }
      assertThat(compared).isPositive();
    }
  }

  @Test
  void fixturesHaveWhatASidecarIsFor() throws IOException {
    int columns = 0;
    int constants = 0;
    int callSites = 0;
    for (Fixture fixture : linked().toList()) {
      try (DwarfFile source = DwarfFile.open(fixture.file());
          CompletedSymbols made = made(source)) {
        for (Fixture.Row row : fixture.rows()) {
          for (SourceFrame frame : made.frames(row.offset())) {
            columns += frame.column() != 0 ? 1 : 0;
          }
          for (List<ConstantArgument> arguments : made.constantArguments(row.offset())) {
            constants += arguments.size();
          }
          callSites += made.callSites(row.offset()).size();
        }
      }
    }
    assertThat(columns).isPositive();
    assertThat(constants).isPositive();
    assertThat(callSites).isPositive();
  }

  /** Returns whether no code is there: a symbol file lists code only. */
  private static boolean isData(DebugSymbols source, long address) {
    return !((DwarfFile) source).image().executableAt(address);
  }

  private CompletedSymbols made(DwarfFile source) throws IOException {
    Path written = folder.resolve("written.gsym");
    Path beside = folder.resolve("written.gsym.facts");
    GsymWriter symbols = new GsymWriter();
    FactsWriter facts = new FactsWriter();
    source.forEachRegion(symbols::add, facts, false);
    try (OutputStream out = Files.newOutputStream(written)) {
      symbols.write(out, source.buildId().orElse(""));
    }
    try (OutputStream out = Files.newOutputStream(beside)) {
      facts.write(out, new Origin(source.buildId().orElse(""), 0, 0, 0, 0));
    }
    return new CompletedSymbols(GsymFile.open(written), FactsFile.open(beside));
  }

  @Test
  void enumsAreThoseOfTheSource() throws IOException {
    List<String> found = new ArrayList<>();
    for (Fixture fixture : linked().toList()) {
      try (DwarfFile source = DwarfFile.open(fixture.file());
          CompletedSymbols made = made(source)) {
        for (String name : List.of("family", "wide", "verdict", "absent")) {
          assertThat(made.enumerators(name)).isEqualTo(source.enumerators(name));
          found.addAll(made.enumerators(name).keySet());
        }
      }
    }
    assertThat(found).isNotEmpty();
  }
}
