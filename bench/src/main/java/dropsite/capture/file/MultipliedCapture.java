package dropsite.capture.file;

import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.SnapshotPart;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a large recording of a small one: its drops over and over in ten minutes, in as many flows
 * as asked for, between its snapshots. What {@code bench/multiply} runs.
 */
public final class MultipliedCapture {
  private static final long DURATION_NANOS = 600_000_000_000L;

  /** How many events a real recording of that size would write between two flushes. */
  private static final int FLUSH_EVENTS = 2_000;

  private @Nullable HostKernel kernel;
  private final Map<String, HostModule> modules = new LinkedHashMap<>();
  private final Map<String, ReasonEnum> reasons = new LinkedHashMap<>();
  private final List<CaptureRecord> rest = new ArrayList<>();
  private final List<SnapshotPart> after = new ArrayList<>();
  private final List<DropEvent> drops = new ArrayList<>();

  private MultipliedCapture(Path file) throws IOException {
    try (CaptureReader reader =
        CaptureReader.open(file.toString(), new BufferedInputStream(Files.newInputStream(file)))) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        keep(record);
      }
    }
  }

  private void keep(CaptureRecord record) {
    switch (record) {
      case CaptureRecord.Drop drop -> drops.add(drop.event());
      case CaptureRecord.Kernel read -> kernel = read.kernel();
      case CaptureRecord.Module read ->
          modules.put(read.module().name() + read.module().base(), read.module());
      case CaptureRecord.Reasons read ->
          reasons.put(read.reasons().origin() + read.reasons().enumName(), read.reasons());
      case CaptureRecord.Snapshot read when read.part().phase() == SnapshotPart.Phase.AFTER ->
          after.add(read.part());
      case CaptureRecord.Symbols _,
          CaptureRecord.Names _,
          CaptureRecord.Snapshot _,
          CaptureRecord.Note _ ->
          rest.add(record);
      case CaptureRecord.Lost _, CaptureRecord.End _ -> {}
    }
  }

  private void write(Path target, int events, int flows) throws IOException {
    if (kernel == null || drops.isEmpty()) {
      throw new IOException("it has no kernel or no drop");
    }
    CaptureStart start =
        new CaptureStart(
            "dropsite bench", kernel, List.copyOf(modules.values()), List.copyOf(reasons.values()));
    try (CaptureWriter writer =
        new CaptureWriter(CaptureFiles.one(target, true, Compression.NONE), start)) {
      for (CaptureRecord record : rest) {
        writeOther(writer, record);
      }
      writer.flush();
      long begin = drops.getFirst().bootNanos();
      for (int i = 0; i < events; i++) {
        long boot = begin + DURATION_NANOS / events * i;
        int flow = i % flows;
        // The first flows are what was recorded, so that rules and counters still explain some.
        int variation = flow < drops.size() ? 0 : flow;
        writer.event(varied(drops.get(flow % drops.size()), boot, variation));
        if (i % FLUSH_EVENTS == FLUSH_EVENTS - 1) {
          writer.flush();
        }
      }
      for (SnapshotPart part : after) {
        writer.snapshot(part);
      }
      writer.losses(new Losses(events, 0, 0, 0, 0, 0, 0, 0));
      writer.end(0, DURATION_NANOS);
    }
  }

  private static void writeOther(CaptureWriter writer, CaptureRecord record) throws IOException {
    switch (record) {
      case CaptureRecord.Symbols read -> writer.symbols(read.symbols());
      case CaptureRecord.Names read -> writer.names(read.names());
      case CaptureRecord.Snapshot read -> writer.snapshot(read.part());
      case CaptureRecord.Note read -> writer.note(read.text());
      default -> throw new IllegalStateException("not kept: " + record);
    }
  }

  private static DropEvent varied(DropEvent drop, long bootNanos, int variation) {
    return new DropEvent(
        bootNanos,
        drop.cpu(),
        drop.consumed(),
        drop.skb(),
        drop.location(),
        drop.reason(),
        drop.stack(),
        drop.stackCut(),
        drop.task(),
        drop.device(),
        drop.socket(),
        VariedPacket.of(drop.packet(), variation));
  }

  /** Makes the recording: {@code SOURCE TARGET EVENTS FLOWS}. */
  public static void main(String[] arguments) throws IOException {
    new MultipliedCapture(Path.of(arguments[0]))
        .write(
            Path.of(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
  }
}
