package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fixture against the recorded answers of other symbolizers: whole chains, no tolerance. */
final class FixtureDifferentialTest {
  private static final int SHOWN = 12;

  static Stream<Fixture> fixtures() throws IOException {
    return Fixture.all().stream();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void chainsEqualTheRecordedOnes(Fixture fixture) throws IOException {
    List<Fixture.Row> rows = fixture.rows();
    List<String> wrong = new ArrayList<>();
    try (DwarfFile symbols = DwarfFile.open(fixture.file())) {
      for (Fixture.Row row : rows) {
        String chain = answer(symbols, row);
        if (!Fixture.agree(row.chain(), chain)) {
          wrong.add(
              "%s+%x: recorded %s, got %s"
                  .formatted(row.section(), row.offset(), row.chain(), chain));
        }
      }
    }

    assertThat(rows).isNotEmpty();
    assertThat(wrong.stream().limit(SHOWN))
        .as("%d of %d addresses of %s", wrong.size(), rows.size(), fixture)
        .isEmpty();
  }

  private static String answer(DwarfFile symbols, Fixture.Row row) {
    Optional<Long> address = row.address(symbols);
    try {
      return address.map(found -> Fixture.chain(symbols.frames(found))).orElse("no such place");
    } catch (MalformedInputException e) {
      return Fixture.REFUSED + e.getMessage();
    }
  }

  @Test
  void everyProgramHasRecordedAnswers() throws IOException {
    TreeSet<String> programs = new TreeSet<>();
    try (Stream<Path> files = Files.list(Fixture.folder().resolve("bin"))) {
      files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.matches(".*(\\.(dwo|dwp|sup|debug)|split-single-[ab]\\.o)"))
          .forEach(programs::add);
    }

    assertThat(Fixture.all().stream().map(Fixture::name)).containsExactlyElementsOf(programs);
  }
}
