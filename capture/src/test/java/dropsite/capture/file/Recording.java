package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import dropsite.capture.DropEvent;
import dropsite.capture.DropEvent.Device;
import dropsite.capture.DropEvent.Packet;
import dropsite.capture.DropEvent.Socket;
import dropsite.capture.DropEvent.Task;
import dropsite.capture.Losses;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostKernel.ClockReading;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.KernelSymbols;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/** Made-up recordings, the same for the same seed. */
final class Recording {
  static final long BOOT_NANOS = 5_000_000_000_000L;
  static final long REAL_NANOS = 1_763_700_000_123_456_789L;
  private static final int EVENTS_PER_FLUSH = 50;

  private final Random random;

  Recording(long seed) {
    this.random = new Random(seed);
  }

  static CaptureStart start(String bootId) {
    return new CaptureStart(
        "dropsite test",
        new HostKernel(
            "6.12.117+deb12-cloud-amd64",
            "#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1",
            "x86_64",
            "7f76f39faf07f34cfa9fadd801e131bfa8cb6dc3",
            new byte[] {4, 0, 0, 0, 20, 0, 0, 0},
            Map.of("_stext", 0xffffffff85200000L, "_text", 0xffffffff85200000L),
            "orc",
            bootId,
            "box",
            "ro quiet",
            List.of(new ClockReading(BOOT_NANOS, REAL_NANOS, BOOT_NANOS - 1000))),
        List.of(
            new HostModule(
                "nf_tables",
                0xffffffffc03a0000L,
                376832,
                "682517bb15b660cf328b10549be09270b28a30b4",
                Map.of(".text", 0xffffffffc03a0000L, ".init.text", 0xffffffffc0400000L)),
            new HostModule("veth", 0xffffffffc0300000L, 45056, "", Map.of())),
        List.of(
            new ReasonEnum(
                "vmlinux", "skb_drop_reason", Map.of(2, "SKB_DROP_REASON_NOT_SPECIFIED"))));
  }

  /** Returns packets that Wireshark can dissect. */
  List<DropEvent> events(int count) {
    List<DropEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(i));
    }
    return events;
  }

  DropEvent event(int number) {
    long[] stack = new long[random.nextInt(4) == 0 ? 0 : random.nextInt(1, 32)];
    for (int i = 0; i < stack.length; i++) {
      stack[i] =
          random.nextInt(100) == 0
              ? random.nextLong()
              : 0xffffffff85200000L + random.nextInt(1 << 24);
    }
    boolean device = random.nextInt(3) > 0;
    return new DropEvent(
        BOOT_NANOS + number * 1_000_000L,
        random.nextInt(64),
        random.nextInt(10) == 0,
        random.nextLong(),
        random.nextInt(5) == 0 ? 0 : stack.length == 0 ? 0 : stack[0],
        random.nextInt(5) == 0 ? DropEvent.NO_REASON : random.nextInt(1 << 20),
        stack,
        random.nextBoolean(),
        new Task(
            random.nextInt(1 << 22),
            random.nextInt(1 << 22),
            "ksoft\u00ff\u0001/" + random.nextInt(4),
            random.nextInt(2) * random.nextLong(),
            random.nextBoolean()),
        device
            ? new Device(1 + random.nextInt(3), "eth" + random.nextInt(3), 1, 4026531840L, 1)
            : Device.UNKNOWN,
        random.nextBoolean()
            ? Socket.NONE
            : new Socket(2, 1 + random.nextInt(5), random.nextInt(12), 6, random.nextLong()),
        random.nextInt(5) == 0 ? Packet.UNKNOWN : packet());
  }

  private Packet packet() {
    byte[] bytes = new byte[28 + random.nextInt(100)];
    random.nextBytes(bytes);
    byte[] header = {
      0x45,
      0,
      0,
      (byte) bytes.length,
      0,
      0,
      0,
      0,
      64,
      17,
      0,
      0,
      10,
      0,
      0,
      1,
      10,
      0,
      0,
      2,
      0x13,
      (byte) 0x88,
      0x13,
      (byte) 0x89,
      0,
      (byte) (bytes.length - 20),
      0,
      0
    };
    System.arraycopy(header, 0, bytes, 0, header.length);
    byte[] mac = new byte[random.nextInt(2) * 14];
    random.nextBytes(mac);
    return new Packet(
        0x800,
        random.nextInt(5),
        bytes.length,
        random.nextInt(3),
        random.nextInt(2) - 1,
        mac,
        bytes,
        bytes.length + random.nextInt(2) * 1000);
  }

  static SnapshotPart part(String name, Phase phase, byte[] bytes) {
    return new SnapshotPart(
        name,
        phase,
        4026531840L,
        REAL_NANOS,
        "nft -j -a list ruleset",
        bytes,
        true,
        "took too long");
  }

  /** Writes a recording of everything there is. */
  static void write(CaptureWriter writer, List<DropEvent> events) throws IOException {
    writer.symbols(
        new KernelSymbols(
            "bpf", "ffffffffc0000000 t bpf_prog_1\t[bpf]\n".getBytes(StandardCharsets.UTF_8)));
    writer.names(
        new NetworkNames(
            4026531840L,
            List.of("(root)", "blue"),
            List.of(1, 77),
            List.of(new NetworkNames.Interface(2, "eth0", 1))));
    writer.snapshot(
        part("nft", Phase.BEFORE, "{\"nftables\": []}".getBytes(StandardCharsets.UTF_8)));
    writer.note("no packets were recorded: the test did not ask for them");
    for (int i = 0; i < events.size(); i++) {
      writer.event(events.get(i));
      if (i % EVENTS_PER_FLUSH == EVENTS_PER_FLUSH - 1) {
        writer.losses(new Losses(i, -1, i / 2, 1, 0, 0, 0, 7));
        writer.flush();
      }
    }
    writer.snapshot(part("nft", Phase.AFTER, new byte[0]));
    writer.end(1_500_000_000, 60_000_000_000L);
  }

  static byte[] written(List<DropEvent> events, Compression compression) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CaptureWriter writer =
        new CaptureWriter(
            CaptureFiles.to("test", Channels.newChannel(bytes), compression), start("boot 1"))) {
      write(writer, events);
    }
    return bytes.toByteArray();
  }

  static List<CaptureRecord> read(byte[] file) throws IOException {
    try (CaptureReader reader = CaptureReader.open("test", new ByteArrayInputStream(file))) {
      return all(reader);
    }
  }

  static List<CaptureRecord> all(CaptureReader reader) throws IOException {
    List<CaptureRecord> records = new ArrayList<>();
    for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
      records.add(record);
    }
    return records;
  }

  static List<DropEvent> eventsOf(List<CaptureRecord> records) {
    return only(records, CaptureRecord.Drop.class).stream().map(CaptureRecord.Drop::event).toList();
  }

  static <T extends CaptureRecord> List<T> only(List<CaptureRecord> records, Class<T> kind) {
    return records.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Returns records as texts that are equal when the records are. */
  static List<String> texts(List<CaptureRecord> records) {
    return records.stream().map(Recording::text).toList();
  }

  private static String text(CaptureRecord record) {
    ByteSink bytes = new ByteSink();
    switch (record) {
      case CaptureRecord.Drop drop -> {
        new EventFields(bytes).write(drop.event());
        bytes.raw(drop.event().packet().bytes());
        bytes.u64(drop.realNanos());
      }
      case CaptureRecord.Kernel kernel -> RecordFields.write(bytes, kernel.kernel());
      case CaptureRecord.Module module -> RecordFields.write(bytes, module.module());
      case CaptureRecord.Reasons reasons -> RecordFields.write(bytes, reasons.reasons());
      case CaptureRecord.Symbols symbols -> RecordFields.write(bytes, symbols.symbols());
      case CaptureRecord.Names names -> RecordFields.write(bytes, names.names());
      case CaptureRecord.Snapshot snapshot -> RecordFields.write(bytes, snapshot.part());
      case CaptureRecord.Lost lost -> RecordFields.write(bytes, lost.losses());
      case CaptureRecord.Note note -> RecordFields.writeNote(bytes, note.text());
      case CaptureRecord.End end -> RecordFields.write(bytes, end.totals());
    }
    CRC32 sum = new CRC32();
    sum.update(bytes.view());
    return record.getClass().getSimpleName()
        + " of "
        + record.recording()
        + " "
        + sum.getValue()
        + ", "
        + bytes.size()
        + " bytes";
  }
}
