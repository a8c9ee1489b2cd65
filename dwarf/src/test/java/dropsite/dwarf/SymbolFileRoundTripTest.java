package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.gsym.GsymFile;
import dropsite.gsym.GsymWriter;
import dropsite.symbols.CodeRegion;
import dropsite.symbols.SourceFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A symbol file made from DWARF answers as the DWARF does, at every address that has a name. */
final class SymbolFileRoundTripTest {
  /** Some of both formats and compilers that record calls. */
  private static final List<String> WITH_CALL_SITES = List.of("gcc-v5", "gcc-v4-gnu", "clang-v5");

  @TempDir private Path folder;

  /** Linked fixtures; those that are made to be refused cannot be walked as a whole. */
  static Stream<Fixture> linked() throws IOException {
    List<Fixture> linked = new ArrayList<>();
    for (Fixture fixture : Fixture.all()) {
      List<Fixture.Row> rows = fixture.rows();
      if (rows.stream().allMatch(row -> row.section().isEmpty())
          && rows.stream().noneMatch(row -> row.chain().startsWith(Fixture.REFUSED))) {
        linked.add(fixture);
      }
    }
    return linked.stream();
  }

  @ParameterizedTest
  @MethodSource("linked")
  void symbolFileAnswersAsItsSource(Fixture fixture) throws IOException {
    Path written = folder.resolve("written.gsym");
    try (DwarfFile source = DwarfFile.open(fixture.file())) {
      GsymWriter writer = new GsymWriter();
      source.forEachRegion(writer::add);
      try (OutputStream out = Files.newOutputStream(written)) {
        writer.write(out, source.buildId().orElse(""));
      }
      try (GsymFile made = GsymFile.open(written)) {
        assertThat(made.buildId()).isEqualTo(source.buildId());
        int compared = 0;
        for (Fixture.Row row : fixture.rows()) {
          List<SourceFrame> wanted = source.frames(row.offset());
          if (!wanted.isEmpty() && wanted.getLast().displayName() != null) {
            assertThat(told(made.frames(row.offset())))
                .as("%s at 0x%x", fixture.name(), row.offset())
                .isEqualTo(told(wanted));
            compared++;
          }
        }
        assertThat(compared).isPositive();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("linked")
  void theOrderInWhichRegionsComeChangesNoByte(Fixture fixture) throws IOException {
    List<CodeRegion> regions = Collections.synchronizedList(new ArrayList<>());
    try (DwarfFile source = DwarfFile.open(fixture.file())) {
      source.forEachRegion(regions::add);
    }
    byte[] written = written(regions);
    Collections.shuffle(regions, new Random(regions.size()));
    assertThat(written(regions)).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("linked")
  void callSitesAskedForAreThoseThatTheSourceRecords(Fixture fixture) throws IOException {
    List<CodeRegion> regions = Collections.synchronizedList(new ArrayList<>());
    try (DwarfFile source = DwarfFile.open(fixture.file())) {
      source.forEachRegion(regions::add, null, true);
      Path written = Files.write(folder.resolve("written.gsym"), written(regions));
      try (GsymFile made = GsymFile.open(written)) {
        for (CodeRegion region : regions) {
          assertThat(made.callSites(region.low()))
              .as("%s at 0x%x", fixture.name(), region.low())
              .isEqualTo(
                  source.callSites(region.low()).stream()
                      .filter(site -> !site.tailCall())
                      .filter(site -> Long.compareUnsigned(site.returnAddress(), region.low()) > 0)
                      .filter(
                          site -> Long.compareUnsigned(site.returnAddress(), region.high()) <= 0)
                      .toList());
        }
        if (WITH_CALL_SITES.contains(fixture.name())) {
          assertThat(regions.stream().flatMap(region -> region.callSites().stream()))
              .anyMatch(site -> site.callee() == null)
              .anyMatch(site -> site.callee() != null);
        }
      }
    }
    byte[] first = written(regions);
    Collections.shuffle(regions, new Random(regions.size()));
    assertThat(written(regions)).isEqualTo(first);
  }

  private static byte[] written(List<CodeRegion> regions) throws IOException {
    GsymWriter writer = new GsymWriter();
    regions.forEach(writer::add);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, "");
    return out.toByteArray();
  }

  /** What a symbol file can hold of a chain; it has no place for a call without a name. */
  private static List<String> told(List<SourceFrame> frames) {
    return frames.stream().map(SymbolFileRoundTripTest::told).toList();
  }

  private static String told(SourceFrame frame) {
    String name = frame.inlined() ? frame.function() : frame.displayName();
    return (name == null ? "??" : name) + " " + frame.file() + ":" + frame.line();
  }

  @Test
  void nothingToWriteIsNoFile() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> new GsymWriter().write(out, ""))
        .isInstanceOf(IllegalStateException.class);
    assertThat(out.size()).isZero();
  }
}
