package dropsite.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.host.SnapshotPart.Phase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where recordings go, and what is left there when something goes wrong. */
final class CaptureFilesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @Test
  void fileIsForItsOwnerAlone() throws IOException {
    Path file = folder.resolve("a.drops.pcapng");
    write(CaptureFiles.one(file, false, Compression.NONE), List.of());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void fileThatIsThereIsReplacedOnlyWhenAskedFor() throws IOException {
    Path file = Files.writeString(folder.resolve("precious"), "precious");
    CaptureFiles kept = CaptureFiles.one(file, false, Compression.NONE);
    assertThatThrownBy(() -> write(kept, List.of()))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(file + ": exists already (--force replaces it)");
    assertThat(file).hasContent("precious");

    write(CaptureFiles.one(file, true, Compression.NONE), List.of());
    assertThat(Recording.read(Files.readAllBytes(file))).isNotEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void linkIsReplacedAndNotFollowed() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    Path link = Files.createSymbolicLink(folder.resolve("link"), precious);
    assertThatThrownBy(() -> write(CaptureFiles.one(link, false, Compression.NONE), List.of()))
        .isInstanceOf(FileSystemException.class);

    write(CaptureFiles.one(link, true, Compression.NONE), List.of());
    assertThat(precious).hasContent("precious");
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  @Test
  void folderIsNeverReplaced() {
    assertThatThrownBy(() -> write(CaptureFiles.one(folder, true, Compression.NONE), List.of()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageEndingWith("is not a regular file");
    assertThat(folder).isDirectory();
  }

  @Test
  void recordingThatDoesNotComeAboutLeavesNoFile() throws IOException {
    Path file = folder.resolve("a.drops.pcapng");
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.one(file, false, Compression.GZIP), Recording.start("boot"))) {
      assertThat(file).exists();
      writer.discard();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void eachFileOfARotationIsCompleteAlone() throws IOException {
    Path path = folder.resolve("drops.drops.pcapng");
    List<DropEvent> events = new Recording(1).events(4000);
    CaptureFiles files =
        CaptureFiles.rotating(
            path,
            false,
            Compression.NONE,
            new CaptureFiles.Rotation(200_000, Duration.ZERO, 0),
            InstantSource.fixed(Instant.parse("2026-02-03T04:05:06Z")));
    write(files, events);

    List<Path> written = files();
    assertThat(written).hasSizeBetween(5, 10);
    assertThat(written.getFirst()).hasFileName("drops_00001_20260203040506.drops.pcapng");
    List<DropEvent> read = new ArrayList<>();
    long ringFull = 0;
    for (Path file : written) {
      byte[] bytes = Files.readAllBytes(file);
      assertThat(bytes.length).isBetween(1, 300_000);
      try (CaptureReader reader = CaptureReader.open("x", new ByteArrayInputStream(bytes))) {
        List<CaptureRecord> records = Recording.all(reader);
        assertThat(reader.missing()).isEmpty();
        read.addAll(Recording.eventsOf(records));
        assertThat(Recording.only(records, CaptureRecord.Module.class)).hasSizeGreaterThan(2);
        assertThat(Recording.only(records, CaptureRecord.Symbols.class)).hasSize(1);
        assertThat(Recording.only(records, CaptureRecord.Note.class)).hasSize(1);
        assertThat(Recording.only(records, CaptureRecord.Snapshot.class).getFirst().part().phase())
            .isEqualTo(Phase.BEFORE);
        List<CaptureRecord.Lost> lost = Recording.only(records, CaptureRecord.Lost.class);
        ringFull += lost.isEmpty() ? 0 : lost.getLast().losses().ringFull();
        boolean last = file.equals(written.getLast());
        assertThat(Recording.only(records, CaptureRecord.End.class))
            .extracting(end -> end.totals().continued())
            .containsExactly(!last);
        assertThat(reader.extents().values())
            .as("events of all files so far")
            .extracting(Extent::ofRecording)
            .containsExactly((long) read.size());
        assertThat(reader.extents().values())
            .extracting(Extent::goesOn)
            .as("goes on in another file")
            .containsExactly(!last);
      }
    }
    assertThat(read).isEqualTo(events);
    assertThat(ringFull).isEqualTo(3999 / 2);
  }

  @Test
  void rotationByTimeKeepsTheLastFiles() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    CaptureFiles files =
        CaptureFiles.rotating(
            folder.resolve("drops"),
            false,
            Compression.ZSTD,
            new CaptureFiles.Rotation(0, Duration.ofMinutes(1), 2),
            now::get);
    try (CaptureWriter writer = new CaptureWriter(files, Recording.start("boot"))) {
      for (DropEvent event : new Recording(2).events(10)) {
        writer.event(event);
        now.set(now.get().plusSeconds(30));
        writer.flush();
      }
      writer.end(0, 0);
    }
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("drops_00005_19700101000400", "drops_00006_19700101000500");
    assertThat(Recording.eventsOf(Recording.read(Files.readAllBytes(files().getFirst()))))
        .hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void fullDiskLeavesAFileThatReadsBack(Compression compression) throws IOException {
    List<DropEvent> events = new Recording(3).events(3000);
    int whole = Recording.written(events, compression).length;
    for (int room = whole / 4; room < whole; room += whole / 23) {
      Path file = folder.resolve("full-" + room);
      int limit = room;
      assertThatThrownBy(
              () -> {
                try (FullDisk disk = new FullDisk(file, limit);
                    CaptureWriter writer =
                        new CaptureWriter(
                            CaptureFiles.to(file.toString(), disk, compression),
                            Recording.start("boot 1"))) {
                  Recording.write(writer, events);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": No space left on device; the file holds");

      try (CaptureReader reader = CaptureReader.open("full", Files.newInputStream(file))) {
        List<DropEvent> read = Recording.eventsOf(Recording.all(reader));
        assertThat(read).isNotEmpty().isEqualTo(events.subList(0, read.size()));
        assertThat(reader.missing()).singleElement().asString().contains("has no end");
        if (compression == Compression.NONE) {
          assertThat(Files.size(file)).isGreaterThan(room - 1000);
        }
      }
    }
  }

  @Test
  void nothingIsWrittenBehindAFailure() throws IOException {
    Path file = folder.resolve("full");
    FullDisk disk = new FullDisk(file, 20_000);
    CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.to("full", disk, Compression.NONE), Recording.start("boot 1"));
    for (DropEvent event : new Recording(4).events(100)) {
      writer.event(event);
    }
    assertThatThrownBy(writer::flush).isInstanceOf(IOException.class);
    long size = Files.size(file);
    disk.limit = Integer.MAX_VALUE;
    writer.losses(new Losses(9, 9, 9, 9, 9, 9, 9, 9));
    writer.note("too late");
    writer.close();
    assertThat(Files.size(file)).isEqualTo(size);
  }

  private static void write(CaptureFiles files, List<DropEvent> events) throws IOException {
    try (CaptureWriter writer = new CaptureWriter(files, Recording.start("boot 1"))) {
      Recording.write(writer, events);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
