package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.symbols.ConstantArgument;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Constant arguments, enumerators and call sites of fixtures, as llvm-dwarfdump printed them. */
final class FixtureFactsTest {
  private static final int SHOWN = 12;

  static Stream<Fixture> fixtures() throws IOException {
    return namedIn("enums.tsv");
  }

  static Stream<Fixture> fixturesWithCallSites() throws IOException {
    return namedIn("callsites.tsv");
  }

  private static Stream<Fixture> namedIn(String table) throws IOException {
    return Fixture.lines("expected/facts/" + table).stream()
        .map(cells -> cells[0])
        .distinct()
        .map(Fixture::new);
  }

  private static List<String[]> of(Fixture fixture, String table) throws IOException {
    return Fixture.lines("expected/facts/" + table).stream()
        .filter(cells -> cells[0].equals(fixture.name()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void constantArgumentsEqualTheRecordedOnes(Fixture fixture) throws IOException {
    Map<Long, List<String>> recorded = new TreeMap<>();
    for (String[] cells : Fixture.lines("expected/facts/constants-" + fixture + ".tsv")) {
      recorded
          .computeIfAbsent(Long.parseUnsignedLong(cells[0], 16), address -> new ArrayList<>())
          .add(cells[1] + " " + cells[2] + " " + cells[3] + "=" + cells[4]);
    }
    List<String> wrong = new ArrayList<>();
    try (DwarfFile symbols = DwarfFile.open(fixture.file())) {
      for (Fixture.Row row : fixture.rows()) {
        List<String> found = constants(symbols, row.offset());
        List<String> expected = recorded.getOrDefault(row.offset(), List.of());
        if (!found.equals(expected)) {
          wrong.add("%x: recorded %s, got %s".formatted(row.offset(), expected, found));
        }
      }
    }

    assertThat(recorded).isNotEmpty();
    assertThat(wrong.stream().limit(SHOWN))
        .as("%d addresses of %s", wrong.size(), fixture)
        .isEmpty();
  }

  private static List<String> constants(DwarfFile symbols, long address) {
    List<SourceFrame> frames = symbols.frames(address);
    List<List<ConstantArgument>> constants = symbols.constantArguments(address);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < constants.size(); i++) {
      for (ConstantArgument constant : constants.get(i)) {
        found.add(
            i + " " + frames.get(i).function() + " " + constant.name() + "=" + constant.value());
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void constantsOfAnEnumTypeHaveTheirEnumeratorsName(Fixture fixture) throws IOException {
    TreeSet<String> named = new TreeSet<>();
    try (DwarfFile symbols = DwarfFile.open(fixture.file())) {
      for (Fixture.Row row : fixture.rows()) {
        symbols.constantArguments(row.offset()).stream()
            .flatMap(List::stream)
            .filter(constant -> constant.enumerator() != null)
            .forEach(constant -> named.add(constant.name() + " " + constant.enumerator()));
        symbols.constantArguments(row.offset()).stream()
            .flatMap(List::stream)
            .filter(constant -> List.of("family", "point").contains(constant.name()))
            .forEach(constant -> assertThat(constant.enumerator()).isNotNull());
      }
    }

    assertThat(named)
        .isSubsetOf(
            "family FAMILY_IPV4",
            "family FAMILY_IPV6",
            "family FAMILY_ARP",
            "point POINT_FORWARD",
            "point POINT_LOCAL_OUT",
            "point POINT_POST_ROUTING");
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void enumeratorsEqualTheRecordedOnes(Fixture fixture) throws IOException {
    Map<String, Map<String, Long>> recorded = new LinkedHashMap<>();
    for (String[] cells : of(fixture, "enums.tsv")) {
      recorded
          .computeIfAbsent(cells[1], name -> new LinkedHashMap<>())
          .put(cells[2], new BigInteger(cells[3]).longValue());
    }

    assertThat(recorded).containsKeys("family", "point", "verdict", "wide");
    try (DwarfFile symbols = DwarfFile.open(fixture.file())) {
      recorded.forEach((name, enumerators) ->
          assertThat(symbols.enumerators(name).entrySet())
              .as(name)
              .containsExactlyElementsOf(enumerators.entrySet()));
      assertThat(symbols.enumerators("packet")).as("a structure").isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("fixturesWithCallSites")
  void callSitesEqualTheRecordedOnes(Fixture fixture) throws IOException {
    Map<Long, List<String>> recorded = new TreeMap<>();
    for (String[] cells : of(fixture, "callsites.tsv")) {
      recorded
          .computeIfAbsent(Long.parseUnsignedLong(cells[1], 16), address -> new ArrayList<>())
          .add(cells[2] + " " + cells[3] + " " + cells[4]);
    }
    try (DwarfFile symbols = DwarfFile.open(fixture.file())) {
      recorded.forEach((function, sites) ->
          assertThat(
                  symbols.callSites(function).stream()
                      .map(site ->
                          Long.toHexString(site.returnAddress())
                              + " "
                              + (site.callee() == null ? "?" : site.callee())
                              + (site.tailCall() ? " tail" : " call")))
              .as("%s of the function at %x", fixture, function)
              .containsExactlyInAnyOrderElementsOf(sites));
    }
  }
}
