package dropsite.analyze.session;

import dropsite.bytes.MalformedInputException;
import dropsite.capture.Losses;
import dropsite.capture.file.CaptureCopy;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.capture.file.CaptureStart;
import dropsite.capture.file.CaptureWriter;
import dropsite.capture.file.Totals;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostKernel.ClockReading;
import dropsite.capture.redact.Redactor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes the recordings of a capture file anew, without what tells whose they are. What is not ours
 * in it is left out: nobody knows what it tells.
 */
public final class RedactedCopy {
  /** Each takes a reading of the whole file. */
  private static final int MOST_RECORDINGS = 32;

  /** Of a recording that says nothing of it. */
  private static final HostKernel UNKNOWN =
      new HostKernel(
          "",
          "",
          "",
          "",
          new byte[0],
          Map.of(),
          "",
          "",
          "",
          "",
          List.of(new ClockReading(0, 0, 0)));

  private final Redactor redactor;
  private final String application;

  /**
   * @param application that writes, with its version
   */
  public RedactedCopy(Redactor redactor, String application) {
    this.redactor = redactor;
    this.application = application;
  }

  /**
   * Adds a file to a copy.
   *
   * @param name of the file for messages
   * @param comments on its events, by their number in the file
   */
  public void add(CaptureCopy copy, String name, Path file, LongFunction<@Nullable String> comments)
      throws IOException {
    for (Map.Entry<Long, HostKernel> each : recordings(name, file).entrySet()) {
      write(copy, name, file, comments, each.getKey(), redactor.redact(each.getValue()));
    }
  }

  private static Map<Long, HostKernel> recordings(String name, Path file) throws IOException {
    Map<Long, HostKernel> recordings = new LinkedHashMap<>();
    try (InputStream input = Files.newInputStream(file);
        CaptureReader reader = CaptureReader.open(name, input)) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        recordings.putIfAbsent(record.recording(), UNKNOWN);
        if (record instanceof CaptureRecord.Kernel each && !each.kernel().clocks().isEmpty()) {
          recordings.replace(each.recording(), UNKNOWN, each.kernel());
        }
        if (recordings.size() > MOST_RECORDINGS) {
          throw new MalformedInputException(
              name, "holds more than " + MOST_RECORDINGS + " recordings to be redacted");
        }
      }
    }
    return recordings;
  }

  private void write(
      CaptureCopy copy,
      String name,
      Path file,
      LongFunction<@Nullable String> comments,
      long recording,
      HostKernel kernel)
      throws IOException {
    CaptureStart start = new CaptureStart(application, kernel, List.of(), List.of());
    long ordinal = 0;
    Totals end = null;
    Losses earlier = Losses.NONE;
    Losses counted = Losses.NONE;
    try (InputStream input = Files.newInputStream(file);
        CaptureReader reader = CaptureReader.open(name, input);
        CaptureWriter writer = new CaptureWriter(copy.section(), start)) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        ordinal += record instanceof CaptureRecord.Drop ? 1 : 0;
        if (record.recording() != recording) {
          continue;
        }
        switch (record) {
          case CaptureRecord.Drop each ->
              writer.event(
                  redactor.redact(each.event()), each.realNanos(), comments.apply(ordinal));
          case CaptureRecord.End each -> {
            // Files of one recording that were merged each count from their own beginning.
            end = end == null ? each.totals() : end.and(each.totals());
            earlier = earlier.plus(counted);
            counted = Losses.NONE;
          }
          case CaptureRecord.Lost each -> {
            counted = each.losses();
            writer.losses(earlier.plus(counted));
          }
          default -> write(writer, record);
        }
      }
      if (end != null) {
        writer.end(end);
      }
    }
  }

  private void write(CaptureWriter writer, CaptureRecord record) throws IOException {
    switch (record) {
      case CaptureRecord.Kernel each -> {
        if (!each.kernel().clocks().isEmpty()) {
          writer.kernel(redactor.redact(each.kernel()));
        }
      }
      case CaptureRecord.Module each -> writer.module(each.module());
      case CaptureRecord.Reasons each -> writer.reasons(each.reasons());
      case CaptureRecord.Symbols each -> writer.symbols(each.symbols());
      case CaptureRecord.Names each -> writer.names(redactor.redact(each.names()));
      case CaptureRecord.Snapshot each -> writer.snapshot(redactor.redact(each.part()));
      case CaptureRecord.Note each -> writer.note(redactor.text(each.text()));
      case CaptureRecord.Drop _, CaptureRecord.Lost _, CaptureRecord.End _ -> {}
    }
  }
}
