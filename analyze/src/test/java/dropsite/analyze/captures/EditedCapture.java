package dropsite.analyze.captures;

import dropsite.capture.file.CaptureFiles;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.capture.file.CaptureStart;
import dropsite.capture.file.CaptureWriter;
import dropsite.capture.file.Compression;
import dropsite.capture.host.HostKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Writes a recorded capture anew, changed. */
public final class EditedCapture {
  /** So small that each part holds few events. */
  private static final CaptureFiles.Rotation SMALL =
      new CaptureFiles.Rotation(60_000, Duration.ZERO, 0);

  private static final int EVENTS_OF_PART = 40;

  private EditedCapture() {}

  /** Writes a capture into one file, its records changed one for one and in another order. */
  public static Path write(Path capture, Path file, UnaryOperator<List<CaptureRecord>> change)
      throws IOException {
    write(change.apply(records(capture)), CaptureFiles.one(file, true, Compression.NONE));
    return file;
  }

  /** Writes a capture as if another box had been recorded. */
  public static Path ofBox(Path capture, Path file, String host, String bootId) throws IOException {
    return write(
        capture,
        file,
        records ->
            records.stream()
                .map(record ->
                    record instanceof CaptureRecord.Kernel each
                        ? new CaptureRecord.Kernel(
                            each.recording(), named(each.kernel(), host, bootId))
                        : record)
                .toList());
  }

  private static HostKernel named(HostKernel kernel, String host, String bootId) {
    return new HostKernel(
        kernel.release(),
        kernel.version(),
        kernel.machine(),
        kernel.buildId(),
        kernel.notes(),
        kernel.symbols(),
        kernel.unwinder(),
        bootId,
        host,
        kernel.commandLine(),
        kernel.clocks());
  }

  /** Writes a capture into files one after another, of some events each. */
  public static List<Path> rotated(Path capture, Path folder) throws IOException {
    write(
        records(capture),
        CaptureFiles.rotating(folder.resolve("part"), false, Compression.NONE, SMALL));
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static List<CaptureRecord> records(Path capture) throws IOException {
    List<CaptureRecord> records = new ArrayList<>();
    try (CaptureReader reader =
        CaptureReader.open(capture.toString(), Files.newInputStream(capture))) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        records.add(record);
      }
    }
    return records;
  }

  private static void write(List<CaptureRecord> records, CaptureFiles files) throws IOException {
    HostKernel kernel =
        records.stream()
            .filter(CaptureRecord.Kernel.class::isInstance)
            .map(record -> ((CaptureRecord.Kernel) record).kernel())
            .findFirst()
            .orElseThrow();
    CaptureStart start = new CaptureStart("dropsite test", kernel, List.of(), List.of());
    try (CaptureWriter writer = new CaptureWriter(files, start)) {
      for (CaptureRecord record : records) {
        switch (record) {
          case CaptureRecord.Drop each -> writer.event(each.event(), each.realNanos(), null);
          case CaptureRecord.Kernel each -> writer.kernel(each.kernel());
          case CaptureRecord.Module each -> writer.module(each.module());
          case CaptureRecord.Reasons each -> writer.reasons(each.reasons());
          case CaptureRecord.Symbols each -> writer.symbols(each.symbols());
          case CaptureRecord.Names each -> writer.names(each.names());
          case CaptureRecord.Snapshot each -> writer.snapshot(each.part());
          case CaptureRecord.Note each -> writer.note(each.text());
          case CaptureRecord.Lost each -> writer.losses(each.losses());
          case CaptureRecord.End each ->
              writer.end(each.totals().cpuNanos(), each.totals().durationNanos());
        }
        if (record instanceof CaptureRecord.Drop && writer.events() % EVENTS_OF_PART == 0) {
          writer.flush();
        }
      }
    }
  }
}
