package dropsite.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.symbols.CallSite;
import dropsite.symbols.CodeFacts;
import dropsite.symbols.CodeFacts.Naming;
import dropsite.symbols.ConstantArgument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FactsFileTest {
  private static final Origin ORIGIN = new Origin("c0ffee", 7, 8, 9, 10);
  private static final long LOW = 0xffffffff81000000L;
  private static final List<CallSite> CALLS =
      List.of(
          new CallSite(0, null, true),
          new CallSite(LOW + 5, "callee", false),
          new CallSite(LOW + 9, null, false));
  private static final CodeFacts FUNCTION =
      new CodeFacts(
          LOW,
          LOW + 0x40,
          Naming.SYMBOL,
          "outer",
          List.of(position(LOW, 3, 0), position(LOW + 8, 70_000, 2)),
          List.of(new CodeFacts.Call(1, LOW + 8, LOW + 16, 4, 9)),
          List.of(
              new CodeFacts.Constant(0, LOW, LOW + 0x40, new ConstantArgument("n", -1, null)),
              new CodeFacts.Constant(1, LOW + 8, LOW + 12, new ConstantArgument("h", 3, "OUT"))),
          0);
  private static final CodeFacts PADDING =
      new CodeFacts(
          LOW + 0x40,
          LOW + 0x50,
          Naming.NOTHING,
          null,
          List.of(new CodeFacts.Position(LOW + 0x40, true, "/src/a.c", 12, 1, 0)),
          List.of(),
          List.of(),
          -1);

  @TempDir private Path folder;

  private static CodeFacts.Position position(long address, int column, int discriminator) {
    return new CodeFacts.Position(address, true, null, 0, column, discriminator);
  }

  private static byte[] encoded(CodeFacts... facts) throws IOException {
    return written(writer(facts));
  }

  private static FactsWriter writer(CodeFacts... facts) {
    FactsWriter writer = new FactsWriter();
    writer.callSites(CALLS);
    Map<String, Long> hooks = new LinkedHashMap<>();
    hooks.put("OUT", 3L);
    hooks.put("IN", -5L);
    writer.enumeration("hooks", hooks);
    writer.enumeration("empty_next", Map.of("X", Long.MIN_VALUE));
    for (CodeFacts each : facts) {
      writer.facts(each);
    }
    return writer;
  }

  private static byte[] written(FactsWriter writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, ORIGIN);
    return out.toByteArray();
  }

  private FactsFile opened(byte[] bytes) throws IOException {
    return FactsFile.open(Files.write(folder.resolve("a.facts"), bytes));
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    try (FactsFile file = opened(encoded(FUNCTION, PADDING))) {
      assertThat(file.origin()).isEqualTo(ORIGIN);
      assertThat(file.enumerators("hooks"))
          .containsExactly(Map.entry("OUT", 3L), Map.entry("IN", -5L));
      assertThat(file.enumerators("empty_next")).containsEntry("X", Long.MIN_VALUE);
      assertThat(file.enumerators("none")).isEmpty();
      assertThat(file.callSites(LOW + 0x3f)).isEqualTo(CALLS);
      assertThat(file.callSites(LOW + 0x40)).isEmpty();
      Region region = file.regionAt(LOW + 9);
      assertThat(region).isNotNull();
      assertThat(file.string(region.function())).isEqualTo("outer");
      assertThat(file.functionOf(region)).isEqualTo("outer");
      assertThat(region.position(LOW + 9)).isEqualTo(new Region.Position(true, -1, 0, 70_000, 2));
      assertThat(region.calls(LOW + 9)).containsExactly(new Region.Call(1, 4, 9));
      assertThat(region.constants(LOW + 9).stream().map(it -> file.argument(it.argument())))
          .containsExactly(
              new ConstantArgument("n", -1, null), new ConstantArgument("h", 3, "OUT"));
    }
  }

  @Test
  void codeWithoutNameKeepsItsFileAndLine() throws IOException {
    try (FactsFile file = opened(encoded(FUNCTION, PADDING))) {
      Region region = file.regionAt(LOW + 0x4f);
      assertThat(region).isNotNull();
      Region.Position position = region.position(LOW + 0x4f);
      assertThat(position).isNotNull();
      assertThat(position.known()).isTrue();
      assertThat(position.line()).isEqualTo(12);
      assertThat(file.string(position.file())).isEqualTo("/src/a.c");
    }
  }

  @Test
  void nothingIsKnownOutsideOfRegions() throws IOException {
    try (FactsFile file = opened(encoded(FUNCTION, PADDING))) {
      assertThat(file.regionAt(LOW - 1)).isNull();
      assertThat(file.regionAt(LOW + 0x50)).isNull();
      assertThat(file.regionAt(0)).isNull();
    }
  }

  @Test
  void orderOfArrivalLeavesNoTrace() throws IOException {
    assertThat(encoded(PADDING, FUNCTION)).isEqualTo(encoded(FUNCTION, PADDING));
  }

  @Test
  void layingOutBeforehandLeavesNoTrace() throws IOException {
    FactsWriter writer = writer(FUNCTION, PADDING);
    writer.layOut();
    assertThat(written(writer)).isEqualTo(encoded(FUNCTION, PADDING));
  }

  @Test
  void addressesFurtherApartThanFourGigabytesFit() throws IOException {
    CodeFacts low =
        new CodeFacts(16, 32, Naming.SYMBOL, "low", List.of(), List.of(), List.of(), -1);
    try (FactsFile file = opened(encoded(FUNCTION, low))) {
      Region region = file.regionAt(20);
      assertThat(region).isNotNull();
      assertThat(file.string(region.function())).isEqualTo("low");
      assertThat(file.callSites(LOW)).isEqualTo(CALLS);
    }
  }

  @Test
  void anyChangedByteIsNoticed() throws IOException {
    byte[] good = encoded(FUNCTION, PADDING);
    for (int i = 0; i < good.length; i++) {
      byte[] damaged = good.clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> opened(damaged))
          .as("byte %d", i)
          .isInstanceOf(MalformedInputException.class);
    }
  }

  @Test
  void anyMissingEndIsNoticed() throws IOException {
    byte[] good = encoded(FUNCTION, PADDING);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> opened(cut))
          .as("%d bytes", length)
          .isInstanceOf(MalformedInputException.class);
    }
  }

  @Test
  void forgedFilesAreAnsweredOrRefused() throws IOException {
    byte[] good = encoded(FUNCTION, PADDING);
    int refused = 0;
    for (int i = FactsHeader.CHECKED_FROM; i < good.length; i++) {
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
        byte[] forged = good.clone();
        forged[i] = (byte) value;
        FactsHeader.setChecksum(forged, checksum(forged));
        try (FactsFile file = opened(forged)) {
          ask(file);
        } catch (MalformedInputException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  private static int checksum(byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
      return Checksum.of(new Bytes("forged", "header", memory, false), FactsHeader.CHECKED_FROM);
    }
  }

  private static void ask(FactsFile file) {
    for (long address = LOW; address < LOW + 0x60; address += 4) {
      Region region = file.regionAt(address);
      if (region != null) {
        file.functionOf(region);
        Region.Position position = region.position(address);
        if (position != null) {
          file.string(position.file());
        }
        region.calls(address);
        region.constants(address).forEach(constant -> file.argument(constant.argument()));
      }
      file.callSites(address);
    }
    file.enumerators("hooks");
    file.enumerators("zzz");
  }
}
