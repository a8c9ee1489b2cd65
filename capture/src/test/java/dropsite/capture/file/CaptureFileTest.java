package dropsite.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.ByteSink;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is read back, from whole files and from what is left of them. */
final class CaptureFileTest {
  private static final int BLOCK_TYPE_BYTES = 4;

  @ParameterizedTest
  @EnumSource
  void everythingWrittenIsReadBack(Compression compression) throws IOException {
    List<DropEvent> events = new Recording(1).events(500);
    byte[] file = Recording.written(events, compression);

    List<CaptureRecord> records;
    try (CaptureReader reader = CaptureReader.open("test", new ByteArrayInputStream(file))) {
      records = Recording.all(reader);
      assertThat(reader.missing()).isEmpty();
    }

    assertThat(Recording.eventsOf(records)).isEqualTo(events);
    assertThat(records)
        .filteredOn(CaptureRecord.Drop.class::isInstance)
        .extracting(record -> ((CaptureRecord.Drop) record).realNanos())
        .containsExactlyElementsOf(
            events.stream()
                .map(e -> e.bootNanos() - Recording.BOOT_NANOS + Recording.REAL_NANOS)
                .toList());
    CaptureStart start = Recording.start("boot 1");
    assertThat(Recording.only(records, CaptureRecord.Kernel.class))
        .hasSize(2)
        .allSatisfy(record ->
            assertThat(record.kernel()).usingRecursiveComparison().isEqualTo(start.kernel()));
    assertThat(Recording.only(records, CaptureRecord.Module.class))
        .extracting(CaptureRecord.Module::module)
        .containsAll(start.modules());
    assertThat(Recording.only(records, CaptureRecord.Reasons.class).getFirst().reasons())
        .isEqualTo(start.reasons().getFirst());
    assertThat(Recording.only(records, CaptureRecord.Symbols.class).getFirst().symbols().lines())
        .asString()
        .isEqualTo("ffffffffc0000000 t bpf_prog_1\t[bpf]\n");
    assertThat(Recording.only(records, CaptureRecord.Names.class).getFirst().names().interfaces())
        .hasSize(1);
    assertThat(Recording.only(records, CaptureRecord.Note.class)).hasSize(1);
    assertThat(Recording.only(records, CaptureRecord.Snapshot.class).getFirst().part())
        .usingRecursiveComparison()
        .isEqualTo(
            Recording.part(
                "nft", Phase.BEFORE, "{\"nftables\": []}".getBytes(StandardCharsets.UTF_8)));
    assertThat(Recording.only(records, CaptureRecord.Snapshot.class).getLast().part().phase())
        .isEqualTo(Phase.AFTER);
    assertThat(Recording.only(records, CaptureRecord.Lost.class).getLast().losses())
        .isEqualTo(new Losses(499, -1, 249, 1, 0, 0, 0, 7));
    assertThat(Recording.only(records, CaptureRecord.End.class))
        .extracting(CaptureRecord.End::totals)
        .singleElement()
        .satisfies(totals -> {
          assertThat(totals.events()).isEqualTo(500);
          assertThat(totals.cpuNanos()).isEqualTo(1_500_000_000);
        });
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    for (Compression compression : Compression.values()) {
      assertThat(Recording.written(new Recording(2).events(300), compression))
          .isEqualTo(Recording.written(new Recording(2).events(300), compression));
    }
  }

  @Test
  void largeTextsAreSplitIntoBlocksThatOtherToolsCopy() throws IOException {
    byte[] noise = new byte[3_000_000];
    new Random(3).nextBytes(noise);
    SnapshotPart part = Recording.part("sysctl", Phase.BEFORE, noise);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CaptureWriter writer = writer(out)) {
      writer.snapshot(part);
      writer.end(0, 0);
    }

    List<CaptureRecord> records = Recording.read(out.toByteArray());
    assertThat(Recording.only(records, CaptureRecord.Snapshot.class).getFirst().part().bytes())
        .isEqualTo(noise);
    assertThat(blocks(out.toByteArray()))
        .hasSizeGreaterThan(12)
        .allSatisfy(block -> assertThat(block.length).isLessThan(262_144));
  }

  @Test
  void fileCutAnywhereReadsBackToItsLastWholeBlock() throws IOException {
    List<DropEvent> events = new Recording(4).events(60);
    byte[] file = Recording.written(events, Compression.NONE);
    List<Integer> ends = new ArrayList<>();
    int end = 0;
    for (byte[] block : blocks(file)) {
      end += block.length;
      ends.add(end);
    }
    List<Integer> eventsBefore = eventsBefore(file);

    for (int length = ends.get(1); length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      try (CaptureReader reader = CaptureReader.open("cut", new ByteArrayInputStream(cut))) {
        List<CaptureRecord> records = Recording.all(reader);
        int whole = (int) countUpTo(ends, length);
        assertThat(Recording.eventsOf(records))
            .isEqualTo(events.subList(0, eventsBefore.get(whole)));
        assertThat(reader.missing()).as("what is missing of %d bytes", length).isNotEmpty();
        if (!ends.contains(length)) {
          assertThat(reader.missing().getFirst()).startsWith("the file ends in the middle");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void compressedFileCutAfterAFlushReadsBackUpToIt(Compression compression) throws IOException {
    List<DropEvent> events = new Recording(5).events(120);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.to("test", Channels.newChannel(out), compression),
            Recording.start("boot 1"));
    for (DropEvent event : events.subList(0, 100)) {
      writer.event(event);
    }
    writer.flush();
    int flushed = out.size();
    for (DropEvent event : events.subList(100, 120)) {
      writer.event(event);
    }
    writer.close();

    byte[] cut = Arrays.copyOf(out.toByteArray(), flushed);
    try (CaptureReader reader = CaptureReader.open("cut", new ByteArrayInputStream(cut))) {
      assertThat(Recording.eventsOf(Recording.all(reader))).isEqualTo(events.subList(0, 100));
      assertThat(reader.missing()).hasSize(1);
    }
  }

  @Test
  void closingKeepsTheEventsOfARecordingThatDidNotEnd() throws IOException {
    List<DropEvent> events = new Recording(7).events(20);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.to("test", Channels.newChannel(out), Compression.NONE),
            Recording.start("boot 1"))) {
      for (DropEvent event : events) {
        writer.event(event);
      }
    }
    try (CaptureReader reader =
        CaptureReader.open("closed", new ByteArrayInputStream(out.toByteArray()))) {
      assertThat(Recording.eventsOf(Recording.all(reader))).isEqualTo(events);
      assertThat(reader.missing()).hasSize(1);
    }
  }

  @Test
  void sectionsOfEitherByteOrderAreRead() throws IOException {
    List<DropEvent> events = new Recording(6).events(80);
    byte[] file = Recording.written(events, Compression.NONE);

    List<CaptureRecord> swapped = Recording.read(ByteOrderSwap.of(file));

    assertThat(Recording.eventsOf(swapped)).isEqualTo(events);
    assertThat(swapped).hasSameSizeAs(Recording.read(file));
    assertThat(Recording.only(swapped, CaptureRecord.Drop.class))
        .isEqualTo(Recording.only(Recording.read(file), CaptureRecord.Drop.class));
  }

  @Test
  void zerosAtTheEndCountAsACutFile() throws IOException {
    List<DropEvent> events = new Recording(7).events(10);
    byte[] file = Recording.written(events, Compression.NONE);
    byte[] crashed = Arrays.copyOf(file, file.length + 4096);
    try (CaptureReader reader = CaptureReader.open("x", new ByteArrayInputStream(crashed))) {
      assertThat(Recording.eventsOf(Recording.all(reader))).isEqualTo(events);
      assertThat(reader.missing()).singleElement().asString().contains("ends in zeros");
    }
  }

  @Test
  void fileOfALaterMajorVersionIsRefused() throws IOException {
    byte[] file = Recording.written(List.of(), Compression.NONE);
    replaceAfterMagic(file, 0, 2);
    assertThatThrownBy(() -> Recording.read(file))
        .isInstanceOf(MalformedInputException.class)
        .hasMessage(
            "test: is written in version 2 of the capture format; this dropsite reads"
                + " version 1");
  }

  @Test
  void fileOfALaterMinorVersionIsReadAndSaysSo() throws IOException {
    byte[] file = Recording.written(new Recording(8).events(3), Compression.NONE);
    replaceAfterMagic(file, 1, 9);
    try (CaptureReader reader = CaptureReader.open("x", new ByteArrayInputStream(file))) {
      assertThat(Recording.eventsOf(Recording.all(reader))).hasSize(3);
      assertThat(reader.missing()).singleElement().asString().contains("newer dropsite");
    }
  }

  @Test
  void capturesOfOtherProgramsAreRefused() throws IOException {
    byte[] file = Recording.written(new Recording(9).events(3), Compression.NONE);
    for (int i = 0; i < file.length - 8; i++) {
      if (new String(file, i, 8, StandardCharsets.UTF_8).equals("dropsite")) {
        file[i] = 'D';
      }
    }
    assertThatThrownBy(() -> Recording.read(file))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("no capture of dropsite");
    assertThatThrownBy(() -> Recording.read("no pcapng at all".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedInputException.class)
        .hasMessage("test: is no pcapng file");
    assertThatThrownBy(() -> Recording.read(new byte[0])).hasMessage("test: is no pcapng file");
  }

  @Test
  void fileWithoutCustomBlocksSaysWhatIsGone() throws IOException {
    List<DropEvent> events = new Recording(10).events(5);
    ByteArrayOutputStream filtered = new ByteArrayOutputStream();
    for (byte[] block : blocks(Recording.written(events, Compression.NONE))) {
      if (typeOf(block) != Format.CUSTOM_BLOCK) {
        filtered.write(block);
      }
    }
    try (CaptureReader reader =
        CaptureReader.open("x", new ByteArrayInputStream(filtered.toByteArray()))) {
      List<CaptureRecord> records = Recording.all(reader);
      assertThat(Recording.eventsOf(records)).isEqualTo(events);
      assertThat(Recording.only(records, CaptureRecord.Kernel.class)).hasSize(1);
      assertThat(Recording.only(records, CaptureRecord.Module.class)).hasSize(2);
      assertThat(Recording.only(records, CaptureRecord.Reasons.class)).hasSize(1);
      assertThat(reader.missing()).singleElement().asString().contains("lost its custom blocks");
    }
  }

  @Test
  void eventsLeftOutByOtherToolsAreCounted() throws IOException {
    ByteArrayOutputStream filtered = new ByteArrayOutputStream();
    int packets = 0;
    for (byte[] block : blocks(Recording.written(new Recording(11).events(5), Compression.NONE))) {
      if (typeOf(block) != Format.ENHANCED_PACKET || ++packets > 2) {
        filtered.write(block);
      }
    }
    try (CaptureReader reader =
        CaptureReader.open("x", new ByteArrayInputStream(filtered.toByteArray()))) {
      assertThat(Recording.eventsOf(Recording.all(reader))).hasSize(3);
      assertThat(reader.missing()).singleElement().asString().contains("left out 2");
    }
  }

  @Test
  void everySingleByteChangedGivesAnAnswerOrOneError() throws IOException {
    byte[] file = Recording.written(new Recording(12).events(6), Compression.NONE);
    int refused = 0;
    for (int i = 0; i < file.length; i++) {
      byte[] changed = file.clone();
      changed[i] ^= (byte) 0xff;
      try {
        Recording.read(changed);
      } catch (MalformedInputException e) {
        assertThat(e.getMessage()).startsWith("test: ").doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isBetween(1, file.length - 1);
  }

  @Test
  void smallFileThatUnfoldsToFieldsWithoutEndIsRefused() throws IOException {
    ByteSink names = new ByteSink();
    for (int i = 0; i < 1_500_000; i++) {
      names.u8(200);
      names.u8(0);
    }
    ByteSink records = new ByteSink();
    for (int i = 0; i < 10; i++) {
      new FieldSink(records).nested(RecordFields.NAMES, names);
    }
    BlockSink blocks = new BlockSink();
    blocks.records(1, records);
    byte[] block = blocks.bytes().toArray();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(Recording.written(List.of(), Compression.NONE));
    for (int i = 0; i < 4; i++) {
      file.write(block);
    }
    assertThat(file.size()).isLessThan(200_000);
    assertThatThrownBy(() -> Recording.read(file.toByteArray()))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("the file has more than 50000000 fields");
  }

  private static CaptureWriter writer(ByteArrayOutputStream out) throws IOException {
    return new CaptureWriter(
        CaptureFiles.to("test", Channels.newChannel(out), Compression.NONE),
        Recording.start("boot 1"));
  }

  static List<byte[]> blocks(byte[] file) {
    List<byte[]> blocks = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < file.length; ) {
      int length = buffer.getInt(at + BLOCK_TYPE_BYTES);
      blocks.add(Arrays.copyOfRange(file, at, at + length));
      at += length;
    }
    return blocks;
  }

  static int typeOf(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }

  /** Returns how many events there are in the first blocks, by the number of blocks. */
  private static List<Integer> eventsBefore(byte[] file) {
    List<Integer> counts = new ArrayList<>(List.of(0));
    for (byte[] block : blocks(file)) {
      counts.add(counts.getLast() + (typeOf(block) == Format.ENHANCED_PACKET ? 1 : 0));
    }
    return counts;
  }

  private static long countUpTo(List<Integer> ends, int length) {
    return ends.stream().filter(end -> end <= length).count();
  }

  private static void replaceAfterMagic(byte[] file, int offset, int value) {
    for (int i = 0; i < file.length - Format.MAGIC.length - 2; i++) {
      if (Arrays.equals(file, i, i + Format.MAGIC.length, Format.MAGIC, 0, Format.MAGIC.length)) {
        file[i + Format.MAGIC.length + offset] = (byte) value;
      }
    }
  }
}
