package dropsite.capture.cli;

import dropsite.capture.doctor.Check;
import dropsite.capture.doctor.Doctor;
import dropsite.capture.doctor.DoctorTable;
import dropsite.capture.doctor.SourceChoice;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Says whether drops can be recorded on this box, and with what. */
final class DoctorCommand implements Command {
  private static final int WIDTH = 100;

  private final Streams streams;
  private final Syntax syntax = new Syntax("doctor");

  private final Argument output =
      syntax.option(
          Takes.PATH, "DIR", "where recordings are to go (default: here)", "-o", "--output");

  DoctorCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() {
    Path folder = Objects.requireNonNullElse(output.path(), Path.of("."));
    List<Check> checks = Doctor.ofThisBox().examine(folder);
    SourceChoice choice = SourceChoice.from(checks);
    for (String line : DoctorTable.lines(checks, choice, WIDTH)) {
      streams.out().text(line).newline();
    }
    return choice.automatic().isEmpty() ? ExitCode.FAILED : ExitCode.OK;
  }
}
