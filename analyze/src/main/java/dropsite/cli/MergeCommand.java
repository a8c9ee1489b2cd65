package dropsite.cli;

import dropsite.analyze.input.Recordings;
import dropsite.capture.file.CaptureCopy;
import dropsite.capture.file.CaptureFiles;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.capture.file.Compression;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** Puts capture files of several boxes, or of one recording, into one. */
final class MergeCommand implements Command {
  private final Streams streams;
  private final Syntax syntax = new Syntax("merge");
  private final Argument output =
      syntax.option(
          Takes.PATH,
          "FILE",
          "the file to write; .gz or .zst at its end compresses it",
          "-o",
          "--output");
  private final Argument force = syntax.flag("replace FILE if it is there", "--force");
  private final Argument files = syntax.operands(1, "FILE", "capture files");

  MergeCommand(Streams streams) {
    this.streams = streams;
  }

  /** A file, and when its recording began; unknown ones come last. */
  private record Part(String name, Path path, long startNanos) {}

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    Path target = output.path();
    if (target == null) {
      throw CommandFailure.wrongUsage("say what to write: -o FILE");
    }
    List<String> names = files.texts();
    if (names.contains(InputFiles.STANDARD_INPUT)) {
      throw new CommandFailure("standard input cannot be merged: it can be read only once");
    }
    new InputFiles(streams).check(names);
    WholeFile.refuseInputs(List.of(target), names);
    List<Part> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(part(name));
    }
    parts.sort(Comparator.comparingLong(Part::startNanos));
    copy(parts, target);
    return ExitCode.OK;
  }

  /** Reads a file to its end, so that nothing is written that cannot be read. */
  private static Part part(String name) throws IOException {
    Path path = Path.of(name);
    try (InputStream input = Files.newInputStream(path)) {
      if (!Recordings.isCapture(input)) {
        throw new CommandFailure(name + ": is no capture file");
      }
    }
    OptionalLong start = OptionalLong.empty();
    try (CaptureReader reader = CaptureReader.withoutEvents(name, Files.newInputStream(path))) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        if (start.isEmpty()
            && record instanceof CaptureRecord.Kernel each
            && !each.kernel().clocks().isEmpty()) {
          start = OptionalLong.of(each.kernel().clocks().getFirst().realNanos());
        }
      }
    }
    return new Part(name, path, start.orElse(Long.MAX_VALUE));
  }

  private void copy(List<Part> parts, Path target) throws IOException {
    Compression compression = Compression.ofName(String.valueOf(target.getFileName()));
    CaptureCopy copy = new CaptureCopy(CaptureFiles.one(target, force.given(), compression));
    boolean whole = false;
    try {
      for (Part part : parts) {
        String cut = copy.add(part.name, Files.newInputStream(part.path));
        if (cut != null) {
          streams.say(part.name + ": the file " + cut + "; what is whole was merged");
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
