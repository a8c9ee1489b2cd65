package dropsite.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.SnapshotPart.Phase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Wireshark's command-line tools make of our files, and what they leave of them. */
@Tag("peers")
final class WiresharkTest {
  private static final int NANO_DIGITS = 9;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @ParameterizedTest
  @EnumSource
  void tsharkDissectsEveryPacket(Compression compression) throws Exception {
    List<DropEvent> events = new Recording(1).events(300);
    byte[] bytes = Recording.written(events, compression);
    Path file = Files.write(folder.resolve("a.drops.pcapng" + compression.suffix()), bytes);

    List<String> rows =
        run(
            "tshark",
            "-r",
            file.toString(),
            "-T",
            "fields",
            "-E",
            "separator=|",
            "-e",
            "frame.protocols",
            "-e",
            "frame.time_epoch",
            "-e",
            "frame.interface_name",
            "-e",
            "ip.src",
            "-e",
            "udp.dstport",
            "-e",
            "frame.len");

    List<String> expected =
        events.stream()
            .map(event -> {
              boolean packet = event.packet().bytes().length > 0;
              boolean device = event.device().ifindex() != 0;
              return (packet ? "ip" : "none")
                  + "|"
                  + BigDecimal.valueOf(
                          event.bootNanos() - Recording.BOOT_NANOS + Recording.REAL_NANOS,
                          NANO_DIGITS)
                      .toPlainString()
                  + "|"
                  + (device ? event.device().name() : "(no device)")
                  + "|"
                  + (packet ? "10.0.0.1|5001" : "|")
                  + "|"
                  + (Format.LINK_HEADER_BYTES + event.packet().originalBytes());
            })
            .toList();
    List<String> packets = new ArrayList<>();
    int others = 0;
    for (String row : rows) {
      int bar = row.indexOf('|');
      String protocols = row.substring(0, bar);
      if (protocols.contains("sll")) {
        packets.add((protocols.contains(":ip:udp") ? "ip" : "none") + row.substring(bar));
      } else {
        others++;
      }
    }
    assertThat(packets).isEqualTo(expected);
    assertThat(others)
        .isEqualTo(
            CaptureFileTest.blocks(Recording.written(events, Compression.NONE)).stream()
                .filter(block -> CaptureFileTest.typeOf(block) == Format.CUSTOM_BLOCK)
                .count());
  }

  @Test
  void capinfosFindsNothingWrong() throws Exception {
    Path file = file("a", 1, 50);
    assertThat(run("capinfos", "-M", file.toString()))
        .anyMatch(line -> line.contains("Number of interfaces in file:"))
        .anyMatch(line -> line.contains("Linux 6.12.117+deb12-cloud-amd64"))
        .noneMatch(line -> line.contains("damaged"));
  }

  @Test
  void editcapKeepsEverything() throws Exception {
    Path file = file("a", 2, 200);
    Path copy = folder.resolve("copy.pcapng");
    run("editcap", file.toString(), copy.toString());
    assertThat(missing(copy)).isEmpty();
    assertThat(Recording.texts(read(copy))).isEqualTo(Recording.texts(read(file)));
  }

  @Test
  void editcapKeepsBlocksAsLargeAsWeMakeThem() throws Exception {
    byte[] noise = new byte[1_000_000];
    new Random(1).nextBytes(noise);
    Path file = folder.resolve("large.pcapng");
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.one(file, false, Compression.NONE), Recording.start("boot 1"))) {
      writer.snapshot(Recording.part("sysctl", Phase.BEFORE, noise));
      writer.end(0, 0);
    }
    Path copy = folder.resolve("copy.pcapng");
    run("editcap", file.toString(), copy.toString());
    assertThat(Recording.texts(read(copy))).isEqualTo(Recording.texts(read(file)));
  }

  @Test
  void packetsCutByEditcapKeepTheirFactsAndTheirLength() throws Exception {
    Path file = file("a", 3, 100);
    Path copy = folder.resolve("cut.pcapng");
    run("editcap", "-s", "40", file.toString(), copy.toString());
    List<DropEvent> whole = Recording.eventsOf(read(file));
    List<DropEvent> cut = Recording.eventsOf(read(copy));
    assertThat(cut).hasSameSizeAs(whole);
    for (int i = 0; i < cut.size(); i++) {
      assertThat(cut.get(i).stack()).isEqualTo(whole.get(i).stack());
      assertThat(cut.get(i).packet().bytes()).hasSizeLessThanOrEqualTo(20);
      assertThat(cut.get(i).packet().originalBytes())
          .isEqualTo(whole.get(i).packet().originalBytes());
    }
  }

  @Test
  void filteringLosesCustomBlocksAndNothingThatResolvesAddresses() throws Exception {
    Path file = file("a", 4, 300);
    Path filtered = folder.resolve("filtered.pcapng");
    run("tshark", "-r", file.toString(), "-Y", "udp", "-w", filtered.toString());

    List<CaptureRecord> records = read(filtered);
    List<DropEvent> udp =
        Recording.eventsOf(read(file)).stream()
            .filter(event -> event.packet().bytes().length > 0)
            .toList();
    assertThat(udp).isNotEmpty();
    assertThat(Recording.eventsOf(records)).isEqualTo(udp);
    assertThat(Recording.only(records, CaptureRecord.Drop.class))
        .allSatisfy(drop -> assertThat(drop.recording()).isNotZero());
    assertThat(Recording.only(records, CaptureRecord.Kernel.class))
        .singleElement()
        .satisfies(kernel ->
            assertThat(kernel.kernel())
                .usingRecursiveComparison()
                .isEqualTo(Recording.start("boot 1").kernel()));
    assertThat(Recording.only(records, CaptureRecord.Module.class)).hasSize(2);
    assertThat(Recording.only(records, CaptureRecord.Reasons.class)).hasSize(1);
    assertThat(missing(filtered))
        .singleElement()
        .asString()
        .startsWith("the recording has lost its custom blocks");
  }

  @Test
  void filteringKeepsTheKernelEvenIfNoPacketWithoutADeviceIsLeft() throws Exception {
    Path file = file("a", 5, 300);
    Path filtered = folder.resolve("filtered.pcapng");
    run(
        "tshark",
        "-r",
        file.toString(),
        "-Y",
        "frame.interface_name == \"eth1\"",
        "-w",
        filtered.toString());
    assertThat(Recording.eventsOf(read(filtered)))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.device().name()).isEqualTo("eth1"));
    assertThat(Recording.only(read(filtered), CaptureRecord.Kernel.class)).hasSize(1);
    assertThat(Recording.only(read(filtered), CaptureRecord.Module.class)).hasSize(2);
  }

  @Test
  void filteringKeepsModulesLoadedWhileRecording() throws Exception {
    Path file = folder.resolve("late.pcapng");
    List<DropEvent> events = new Recording(12).events(200);
    HostModule late = new HostModule("late", 0xffffffffc0700000L, 4096, "abcdef", Map.of());
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.one(file, false, Compression.NONE), Recording.start("boot 1"))) {
      for (DropEvent event : events.subList(0, 100)) {
        writer.event(event);
      }
      writer.module(late);
      writer.flush();
      for (DropEvent event : events.subList(100, 200)) {
        writer.event(event);
      }
      writer.module(late);
      writer.end(0, 0);
    }
    assertThat(Recording.eventsOf(read(file))).isEqualTo(events);
    Path filtered = folder.resolve("filtered.pcapng");
    run("tshark", "-r", file.toString(), "-Y", "udp", "-w", filtered.toString());
    assertThat(Recording.only(read(filtered), CaptureRecord.Module.class))
        .extracting(CaptureRecord.Module::module)
        .contains(late);
    for (DropEvent event : Recording.eventsOf(read(filtered))) {
      assertThat(events).contains(event);
    }
  }

  @Test
  void manyModulesStillFitWhereFilteringKeepsThem() throws Exception {
    CaptureStart few = Recording.start("boot 1");
    Random random = new Random(1);
    List<HostModule> modules = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      byte[] id = new byte[20];
      random.nextBytes(id);
      modules.add(
          new HostModule(
              "module_" + i,
              0xffffffffc0000000L + i * 0x8000L,
              0x8000,
              HexFormat.of().formatHex(id),
              Map.of(".text", 0xffffffffc0000000L + i * 0x8000L)));
    }
    Path file = folder.resolve("modules.pcapng");
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.one(file, false, Compression.NONE),
            new CaptureStart(few.application(), few.kernel(), modules, few.reasons()))) {
      Recording.write(writer, new Recording(6).events(100));
    }
    Path filtered = folder.resolve("filtered.pcapng");
    run("tshark", "-r", file.toString(), "-Y", "udp", "-w", filtered.toString());
    assertThat(Recording.only(read(filtered), CaptureRecord.Module.class)).hasSize(300);
  }

  @Test
  void selectedPacketsSayWhatWasLeftOut() throws Exception {
    Path file = file("a", 7, 200);
    Path some = folder.resolve("some.pcapng");
    run("editcap", "-r", file.toString(), some.toString(), "1-100", "150-400");
    assertThat(Recording.eventsOf(read(some))).hasSizeBetween(150, 199);
    assertThat(missing(some)).singleElement().asString().contains("another tool left out");
  }

  @Test
  void mergedCapturesOfTwoBoxesStayApart() throws Exception {
    Path first = file("a", 8, 100);
    Path second = folder.resolve("b.pcapng");
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.one(second, false, Compression.NONE), Recording.start("boot 2"))) {
      Recording.write(writer, new Recording(9).events(100));
    }
    for (List<String> how : List.of(List.<String>of(), List.of("-a"), List.of("-I", "any"))) {
      Path merged = folder.resolve("merged.pcapng");
      List<String> command = new ArrayList<>(List.of("mergecap"));
      command.addAll(how);
      command.addAll(List.of("-w", merged.toString(), first.toString(), second.toString()));
      run(command.toArray(String[]::new));

      List<CaptureRecord> records = read(merged);
      assertThat(missing(merged)).isEmpty();
      for (Path file : List.of(first, second)) {
        List<CaptureRecord> alone = read(file);
        long recording = alone.getFirst().recording();
        List<CaptureRecord> part =
            records.stream().filter(record -> record.recording() == recording).toList();
        assertThat(Recording.texts(part)).isEqualTo(Recording.texts(alone));
      }
    }
  }

  @Test
  void mergedFilesOfOneRotationAreTheRecordingAgain() throws Exception {
    List<DropEvent> events = new Recording(10).events(2000);
    Path path = folder.resolve("r.pcapng");
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.rotating(
                path,
                false,
                Compression.NONE,
                new CaptureFiles.Rotation(200_000, Duration.ZERO, 0)),
            Recording.start("boot 1"))) {
      Recording.write(writer, events);
    }
    List<String> command =
        new ArrayList<>(List.of("mergecap", "-w", folder.resolve("merged.pcapng").toString()));
    try (var files = Files.list(folder)) {
      files
          .filter(file -> file.toString().contains("r_0"))
          .sorted()
          .forEach(file -> command.add(file.toString()));
    }
    assertThat(command).hasSizeGreaterThan(5);
    run(command.toArray(String[]::new));
    assertThat(Recording.eventsOf(read(folder.resolve("merged.pcapng")))).isEqualTo(events);
    assertThat(missing(folder.resolve("merged.pcapng"))).isEmpty();
  }

  private Path file(String name, int seed, int events) throws IOException {
    return Files.write(
        folder.resolve(name + ".drops.pcapng"),
        Recording.written(new Recording(seed).events(events), Compression.NONE));
  }

  private static List<CaptureRecord> read(Path file) throws IOException {
    return Recording.read(Files.readAllBytes(file));
  }

  private static List<String> missing(Path file) throws IOException {
    try (CaptureReader reader = CaptureReader.open("x", Files.newInputStream(file))) {
      assertThat(Recording.all(reader)).isNotEmpty();
      return reader.missing();
    }
  }

  private static List<String> run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return output.lines().toList();
  }
}
