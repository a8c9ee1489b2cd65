package dropsite.browser;

import dropsite.capture.file.CaptureFiles;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.capture.file.CaptureStart;
import dropsite.capture.file.CaptureWriter;
import dropsite.capture.file.Compression;
import dropsite.capture.host.SnapshotPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A capture of the lab, with other texts in its snapshots. */
final class AlteredCapture {
  private AlteredCapture() {}

  /** Copies a capture; where its snapshots hold one text, the copy's hold another. */
  static void write(Path source, Path target, String text, String other) throws IOException {
    List<CaptureRecord> records = new ArrayList<>();
    try (CaptureReader reader =
        CaptureReader.open(source.toString(), Files.newInputStream(source))) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        records.add(record);
      }
    }
    CaptureRecord.Kernel kernel =
        records.stream()
            .filter(CaptureRecord.Kernel.class::isInstance)
            .map(CaptureRecord.Kernel.class::cast)
            .findFirst()
            .orElseThrow();
    CaptureStart start = new CaptureStart("test", kernel.kernel(), List.of(), List.of());
    try (CaptureWriter writer =
        new CaptureWriter(CaptureFiles.one(target, false, Compression.NONE), start)) {
      for (CaptureRecord record : records) {
        switch (record) {
          case CaptureRecord.Kernel each -> writer.kernel(each.kernel());
          case CaptureRecord.Module each -> writer.module(each.module());
          case CaptureRecord.Reasons each -> writer.reasons(each.reasons());
          case CaptureRecord.Symbols each -> writer.symbols(each.symbols());
          case CaptureRecord.Names each -> writer.names(each.names());
          case CaptureRecord.Snapshot each -> writer.snapshot(altered(each.part(), text, other));
          case CaptureRecord.Drop each -> writer.event(each.event(), each.realNanos(), null);
          case CaptureRecord.Note each -> writer.note(each.text());
          case CaptureRecord.Lost each -> writer.losses(each.losses());
          case CaptureRecord.End each ->
              writer.end(each.totals().cpuNanos(), each.totals().durationNanos());
        }
      }
    }
  }

  private static SnapshotPart altered(SnapshotPart part, String text, String other) {
    String bytes = new String(part.bytes(), StandardCharsets.ISO_8859_1);
    return new SnapshotPart(
        part.name(),
        part.phase(),
        part.netns(),
        part.realNanos(),
        part.origin(),
        bytes.replace(text, other).getBytes(StandardCharsets.ISO_8859_1),
        part.cut(),
        part.problem());
  }
}
