package dropsite.gsym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.gsym.GsymImage.Function;
import dropsite.gsym.GsymImage.Node;
import dropsite.gsym.GsymImage.Range;
import dropsite.gsym.GsymImage.Row;
import dropsite.symbols.SourceFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Single features and single faults of the format, in files made for each. */
final class GsymFormatTest {
  private static final long BASE = 0xffffffff81000000L;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @Test
  void inlinedFramesTakeTheLineOfTheCallTheyHold() throws Exception {
    Node inner = new Node("inner", "d/inner.h", 30, List.of(range(4, 2)), List.of());
    Node middle = new Node("middle", "d/f.c", 20, List.of(range(2, 6)), List.of(inner));
    Node root = new Node("outer", null, 0, List.of(range(0, 16)), List.of(middle));
    List<Row> rows =
        List.of(row(0, "d/f.c", 10), row(2, "d/m.h", 7), row(4, "d/i.h", 3), row(6, "d/m.h", 8));
    try (GsymFile file = open(image(function(0, 16, "outer", rows, root)))) {
      assertThat(file.frames(BASE + 5))
          .containsExactly(
              inlined("inner", "d/i.h", 3),
              inlined("middle", "d/inner.h", 30),
              concrete("outer", "outer", "d/f.c", 20));
      assertThat(file.frames(BASE + 7))
          .containsExactly(inlined("middle", "d/m.h", 8), concrete("outer", "outer", "d/f.c", 20));
      assertThat(file.frames(BASE + 1)).containsExactly(concrete("outer", "outer", "d/f.c", 10));
    }
  }

  @Test
  void rangesOfACallInAnyOrderAreRelativeToTheLowestOfItsCaller() throws Exception {
    // The second range of "split" is the lower one, so its child counts from there.
    byte[] tree =
        bytes(out -> {
          node(out, 1, true, new long[][] {{0, 64}});
          node(out, 2, true, new long[][] {{32, 8}, {16, 8}});
          node(out, 3, false, new long[][] {{2, 2}});
          out.u8(0);
          out.u8(0);
        });
    assertThat(calls(tree, 18)).containsExactly(2L, 3L);
    assertThat(calls(tree, 34)).containsExactly(2L);
    assertThat(calls(tree, 8)).isEmpty();
  }

  @Test
  void aRowWithLineZeroHidesNoFileAndAddsNoLine() throws Exception {
    List<Row> rows = List.of(row(0, "d/f.c", 5), row(4, "d/f.c", 0), row(8, null, 0));
    try (GsymFile file = open(image(function(0, 16, "f", rows, null)))) {
      assertThat(file.frames(BASE + 4)).containsExactly(concrete("f", "f", "d/f.c", 0));
      assertThat(file.frames(BASE + 8)).containsExactly(concrete("f", "f", null, 0));
    }
  }

  @Test
  void ofRowsAtOneAddressTheLastCounts() throws Exception {
    List<Row> rows = List.of(row(0, "d/f.c", 5), row(4, "d/f.c", 6), row(4, "d/f.c", 7));
    try (GsymFile file = open(image(function(0, 16, "f", rows, null)))) {
      assertThat(file.frames(BASE + 4)).containsExactly(concrete("f", "f", "d/f.c", 7));
    }
  }

  @Test
  void aFunctionThatEnclosesAnotherCoversWhatIsLeft() throws Exception {
    List<Row> rows = List.of(row(0, "d/entry.S", 5));
    List<Function> functions = new ArrayList<>();
    functions.add(function(0, 4096, "entry", rows, null));
    // More entries than a search looks through without asking how far back anything reaches.
    for (int i = 1; i < 200; i++) {
      functions.add(symbol(i * 16L, 8, "label" + i));
    }
    try (GsymFile file = open(image(functions.toArray(Function[]::new)))) {
      assertThat(file.frames(BASE + 16 * 150))
          .containsExactly(concrete("entry", "label150", "d/entry.S", 5));
      assertThat(file.frames(BASE + 16 * 150 + 12))
          .containsExactly(concrete("entry", "entry", "d/entry.S", 5));
      assertThat(file.frames(BASE + 4096)).isEmpty();
      assertThat(file.symbols().covering(BASE + 16 * 150).orElseThrow().name())
          .isEqualTo("label150");
    }
  }

  @Test
  void ofEntriesWithOneStartTheSmallestThatCoversIsNearest() throws Exception {
    List<Row> rows = List.of(row(0, "d/f.c", 5));
    try (GsymFile file =
        open(
            image(
                symbol(0, 4, "small"),
                function(0, 8, "lined", rows, null),
                symbol(0, 12, "large")))) {
      assertThat(file.frames(BASE + 2)).containsExactly(concrete("lined", "small", "d/f.c", 5));
      assertThat(file.frames(BASE + 6)).containsExactly(concrete("lined", "lined", "d/f.c", 5));
      assertThat(file.frames(BASE + 10)).containsExactly(concrete(null, "large", null, 0));
    }
  }

  @Test
  void aSymbolWithoutASizeIsFoundByNameAndCoversNothing() throws Exception {
    try (GsymFile file = open(image(symbol(0, 0, "_stext"), symbol(16, 8, "f")))) {
      assertThat(file.symbols().named("_stext").getFirst().linkAddress()).isEqualTo(BASE);
      assertThat(file.frames(BASE)).isEmpty();
      assertThat(file.symbols().functions()).hasSize(1);
    }
  }

  @Test
  void mergedNamesAreSymbolsOfTheFunction() throws Exception {
    Function function =
        function(0, 16, "f", List.of(row(0, "d/f.c", 5)), null)
            .withMerged(List.of(symbol(0, 16, "f.isra.0"), symbol(0, 16, "alias")));
    try (GsymFile file = open(image(function))) {
      assertThat(file.frames(BASE + 1)).containsExactly(concrete("f", "f.isra.0", "d/f.c", 5));
      for (String name : List.of("f", "f.isra.0", "alias")) {
        assertThat(file.symbols().named(name)).hasSize(1);
      }
      assertThat(file.symbols().covering(BASE).orElseThrow().name()).isEqualTo("f.isra.0");
      assertThat(file.symbols().functions()).hasSize(3);
    }
  }

  @Test
  void equalNamesAreAllFoundByAscendingAddress() throws Exception {
    try (GsymFile file =
        open(image(symbol(0, 8, "twin"), symbol(16, 8, "other"), symbol(32, 8, "twin")))) {
      assertThat(file.symbols().named("twin"))
          .extracting(symbol -> symbol.linkAddress() - BASE)
          .containsExactly(0L, 32L);
    }
  }

  @Test
  void informationOfUnknownTypeIsSteppedOver() throws Exception {
    byte[] bytes = encode(image(function(0, 16, "f", List.of(row(0, "d/f.c", 5)), null)));
    // The type of the only line table; the file then has nothing that is known.
    bytes[infoOffset(bytes) + 8] = 99;
    try (GsymFile file = open(bytes)) {
      assertThat(file.frames(BASE)).containsExactly(concrete(null, "f", null, 0));
    }
  }

  @Test
  void addressOffsetsOfEverySizeAreRead() throws Exception {
    for (long last : new long[] {0xf0, 0xfff0, 0xfffffff0L, 0xffffffffff0L}) {
      GsymImage image =
          new GsymImage(
              false,
              "",
              0x1000,
              List.of(
                  Function.symbol(0x1000, 8, "first"), Function.symbol(0x1000 + last, 8, "last")));
      try (GsymFile file = open(encode(image))) {
        assertThat(file.frames(0x1000 + last + 7)).hasSize(1);
        assertThat(file.frames(0x1000 + last + 8)).isEmpty();
        assertThat(file.frames(0x1000 + last - 1)).isEmpty();
        assertThat(file.frames(0xfff)).isEmpty();
        assertThat(file.buildId()).isEmpty();
      }
    }
  }

  @Test
  void aFileWithoutFunctionsAnswersNothing() throws Exception {
    try (GsymFile file = open(image())) {
      assertThat(file.frames(BASE)).isEmpty();
      assertThat(file.symbols().named("f")).isEmpty();
      assertThat(file.symbols().functions()).isEmpty();
    }
  }

  @Test
  void otherVersionsAreRefusedByNumber() throws Exception {
    byte[] bytes = encode(image(symbol(0, 8, "f")));
    bytes[4] = 2;
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(MalformedInputException.class)
        .hasMessage(folder.resolve("made.gsym") + ": GSYM version 2 is not supported (1 is)");
  }

  @Test
  void whatIsNoGsymFileIsRefused() throws Exception {
    assertRefused(new byte[0], "header", "too short");
    assertRefused("\177ELF and more".getBytes(StandardCharsets.UTF_8), "header", "not a GSYM file");
  }

  @Test
  void tablesLargerThanTheFileAreRefusedBeforeAnythingIsAllocated() throws Exception {
    byte[] bytes = encode(image(symbol(0, 8, "f")));
    assertRefused(
        patched(bytes, 16, 0x7fffffff), "header+0x30", "address table of 2147483647 bytes");
    assertRefused(patched(bytes, 16, -1), "header", "4294967295 addresses");
    assertRefused(patched(bytes, 20, -1), "header", "string table of");
    assertRefused(patched(bytes, 24, -1), "header", "string table of 4294967295 bytes");
    int fileTable = 48 + 4 + 4;
    assertRefused(patched(bytes, fileTable, -1), "header", "file table of 34359738360 bytes");
  }

  @Test
  void anInvalidAddressOffsetSizeOrUuidSizeIsRefused() throws Exception {
    byte[] bytes = encode(image(symbol(0, 8, "f")));
    for (int size : new int[] {0, 3, 16, 255}) {
      byte[] wrong = bytes.clone();
      wrong[6] = (byte) size;
      assertRefused(wrong, "header+0x6", "address offsets of " + size + " bytes");
    }
    bytes[7] = 21;
    assertRefused(bytes, "header+0x7", "UUID of 21 bytes");
  }

  @Test
  void callsNestedTooDeepAreRefused() throws Exception {
    int depth = 100_000;
    byte[] deep =
        bytes(out -> {
          node(out, 1, true, new long[][] {{0, 64}});
          for (int i = 0; i < depth; i++) {
            node(out, 2, true, new long[][] {{0, 8}});
          }
          for (int i = 0; i <= depth; i++) {
            out.u8(0);
          }
        });
    assertThatThrownBy(() -> calls(deep, 4))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("nested deeper than 512");
  }

  @Test
  void aFileNumberOutsideTheTableIsRefused() throws Exception {
    List<Row> rows = List.of(row(0, "d/f.c", 5), row(2, "d/other.c", 6));
    byte[] bytes = encode(image(function(0, 16, "f", rows, null)));
    // Deltas, first line, the first row's opcode, "set file", the number.
    int number = infoOffset(bytes) + 16 + 5;
    assertThat(bytes[number]).isEqualTo((byte) 2);
    bytes[number] = 3;
    try (GsymFile file = open(bytes)) {
      assertThat(file.frames(BASE)).hasSize(1);
      assertThatThrownBy(() -> file.frames(BASE + 2))
          .isInstanceOf(MalformedInputException.class)
          .hasMessageContaining("made.gsym: file table+0x0: file 3 of only 3 files");
    }
  }

  @Test
  void aLineTableWithoutAnEndIsRefused() throws Exception {
    byte[] bytes = encode(image(function(0, 16, "f", List.of(row(0, "d/f.c", 5)), null)));
    int end = infoOffset(bytes) + 16 + 4;
    assertThat(bytes[end]).isZero();
    bytes[end] = 4 + 4;
    try (GsymFile file = open(bytes)) {
      assertThatThrownBy(() -> file.frames(BASE))
          .isInstanceOf(MalformedInputException.class)
          .hasMessageContaining("made.gsym: function info+0x");
    }
  }

  @Test
  void aDamagedCompressedFileIsOneClearError() throws Exception {
    byte[] packed = xz(encode(image(symbol(0, 8, "f"))), 1 << 20);
    try (GsymFile file = open(packed)) {
      assertThat(file.frames(BASE)).hasSize(1);
    }
    byte[] flipped = packed.clone();
    flipped[packed.length / 2] ^= 0x55;
    assertThatThrownBy(() -> open(flipped))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("made.gsym: xz: ");
    byte[] cut = Arrays.copyOf(packed, packed.length - 10);
    assertThatThrownBy(() -> open(cut))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("made.gsym: xz: ");
  }

  @Test
  void aCompressedFileOfManyBlocksIsUnpackedWhole() throws Exception {
    Function[] functions =
        IntStream.range(0, 5000)
            .mapToObj(i -> symbol(i * 16L, 8, "f" + i))
            .toArray(Function[]::new);
    byte[] packed = xz(encode(image(functions)), 4096);
    try (GsymFile file = open(packed)) {
      for (int i = 0; i < functions.length; i++) {
        assertThat(file.frames(BASE + i * 16L).getFirst().symbol()).isEqualTo("f" + i);
      }
    }
  }

  @Test
  void aBombIsRefusedBeforeItIsUnpacked() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (XZOutputStream out = new XZOutputStream(bytes, new LZMA2Options(0))) {
      byte[] zeroes = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        out.write(zeroes);
      }
    }
    assertThat(bytes.size()).isLessThan(1 << 20);
    assertThatThrownBy(() -> open(bytes.toByteArray()))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("unpacks to 209715200 bytes");
  }

  private interface Writing {
    void to(GsymOutput out);
  }

  private static byte[] bytes(Writing writing) {
    GsymOutput out = new GsymOutput(false);
    writing.to(out);
    return out.toByteArray();
  }

  private static void node(GsymOutput out, int name, boolean children, long[][] ranges) {
    out.uleb(ranges.length);
    for (long[] range : ranges) {
      out.uleb(range[0]);
      out.uleb(range[1]);
    }
    out.u8(children ? 1 : 0);
    out.u32(name);
    out.uleb(0);
    out.uleb(0);
  }

  /** Returns the names' offsets of the calls that cover an address, outermost first. */
  private static List<Long> calls(byte[] tree, long address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, tree);
      Bytes bytes = new Bytes("made", "function info", memory, false);
      InlineTree calls = InlineTree.decode(bytes.cursor(0));
      List<Long> names = new ArrayList<>();
      for (int at = calls.covering(address); at != InlineTree.ROOT; at = calls.caller(at)) {
        names.addFirst(calls.nameOffset(at));
      }
      return names;
    }
  }

  private static GsymImage image(Function... functions) {
    return new GsymImage(false, "0123456789abcdef", BASE, List.of(functions));
  }

  private static Function function(
      long offset, long size, String name, List<Row> rows, @Nullable Node inlined) {
    return new Function(BASE + offset, size, name, rows, inlined, List.of());
  }

  private static Function symbol(long offset, long size, String name) {
    return Function.symbol(BASE + offset, size, name);
  }

  private static Row row(long offset, @Nullable String file, int line) {
    return new Row(BASE + offset, file, line);
  }

  private static Range range(long offset, long size) {
    return new Range(BASE + offset, size);
  }

  private static SourceFrame inlined(String function, String file, int line) {
    return new SourceFrame(function, null, file, line, 0, 0, true);
  }

  private static SourceFrame concrete(
      @Nullable String function, String symbol, @Nullable String file, int line) {
    return new SourceFrame(function, symbol, file, line, 0, 0, false);
  }

  private static byte[] encode(GsymImage image) {
    return GsymEncoder.encode(image);
  }

  /** Returns where the first function's information begins; the address table has one element. */
  private static int infoOffset(byte[] bytes) {
    int infoTable = 48 + 4;
    return (bytes[infoTable] & 0xff) | ((bytes[infoTable + 1] & 0xff) << 8);
  }

  private static byte[] patched(byte[] bytes, int offset, int value) {
    byte[] patched = bytes.clone();
    for (int i = 0; i < Integer.BYTES; i++) {
      patched[offset + i] = (byte) (value >>> (8 * i));
    }
    return patched;
  }

  private static byte[] xz(byte[] bytes, int blockSize) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (XZOutputStream out = new XZOutputStream(packed, new LZMA2Options(1))) {
      for (int at = 0; at < bytes.length; at += blockSize) {
        out.write(bytes, at, Math.min(blockSize, bytes.length - at));
        out.endBlock();
      }
    }
    return packed.toByteArray();
  }

  private void assertRefused(byte[] bytes, String section, String problem) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("made.gsym: " + section)
        .hasMessageContaining(problem);
  }

  private GsymFile open(GsymImage image) throws IOException {
    return open(encode(image));
  }

  private GsymFile open(byte[] bytes) throws IOException {
    return GsymFile.open(write(bytes));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("made.gsym"), bytes);
  }
}
