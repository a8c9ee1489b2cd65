package dropsite.cli;

import dropsite.analyze.input.Recordings;
import dropsite.analyze.report.PacketComments;
import dropsite.analyze.report.Report;
import dropsite.analyze.session.RedactedCopy;
import dropsite.capture.file.CaptureCopy;
import dropsite.capture.file.CaptureFiles;
import dropsite.capture.file.Compression;
import dropsite.capture.redact.Redactor;
import dropsite.command.CommandFailure;
import dropsite.command.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** The face of a report that is the capture itself, with a comment for each packet. */
final class AnnotatedCapture {
  private final Path target;

  AnnotatedCapture(Path target) {
    this.target = target;
  }

  /** Refuses what cannot be annotated, and to write over anything, before any work is done. */
  void check(List<String> recordings) throws IOException {
    ReportFaces.refuseStandardOutput("--pcapng", target);
    for (String recording : recordings) {
      if (recording.equals(InputFiles.STANDARD_INPUT)) {
        throw new CommandFailure("--pcapng needs files: standard input cannot be read twice");
      }
      try (InputStream input = Files.newInputStream(Path.of(recording))) {
        if (!Recordings.isCapture(input)) {
          throw new CommandFailure(
              recording + ": is no capture file, so it has no packets to comment on (--pcapng)");
        }
      }
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(target.toString(), null, "exists already");
    }
  }

  /** Writes the file. */
  void write(List<String> recordings, Report report, AnalysisRun run) throws IOException {
    PacketComments comments = new PacketComments(report, run.files());
    Redactor redactor = run.redaction().redactor();
    CaptureFiles files =
        CaptureFiles.one(target, false, Compression.ofName(String.valueOf(target.getFileName())));
    CaptureCopy copy = new CaptureCopy(files);
    boolean whole = false;
    try {
      for (String recording : recordings) {
        Path file = Path.of(recording);
        if (redactor != null) {
          new RedactedCopy(redactor, Version.line())
              .add(copy, recording, file, comments.of(recording));
        } else {
          copy.add(recording, Files.newInputStream(file), comments.of(recording));
        }
      }
      copy.close();
      whole = true;
    } finally {
      if (!whole) {
        copy.discard();
      }
    }
  }
}
