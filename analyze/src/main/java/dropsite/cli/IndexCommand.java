package dropsite.cli;

import dropsite.dwarf.DwarfFile;
import dropsite.gsym.GsymWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a symbol file out of a kernel's debugging information: small, and quick to ask. */
@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Makes a small symbol file (GSYM, version 1) out of a vmlinux with debugging information.",
      "",
      "The file takes the place of vmlinux in every command, and gives the same functions, files"
          + " and lines. It cannot hold columns, constant arguments and enums. Modules have no"
          + " addresses of their own and cannot be made into one.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  dropsite index vmlinux",
      "  dropsite index -o kernel.gsym /usr/lib/debug/boot/vmlinux-6.1.0-56-cloud-amd64",
      "",
      "Exit code: 0 written, 1 not, 2 wrong usage."
    })
final class IndexCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "the file to write, replaced when it exists (default: VMLINUX.gsym)")
  private @Nullable Path output;

  @Parameters(
      index = "0",
      paramLabel = "VMLINUX",
      description = "kernel with debugging information")
  private Path vmlinux = Path.of("");

  IndexCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    GsymWriter writer = new GsymWriter();
    Path target = output == null ? Path.of(vmlinux + ".gsym") : output;
    try (DwarfFile file = DwarfFile.open(vmlinux)) {
      if (file.relocatable()) {
        throw new CommandFailure(vmlinux + ": is a module; only a linked vmlinux has addresses");
      }
      if (!file.hasDwarf()) {
        throw new CommandFailure(vmlinux + ": has no debugging information");
      }
      file.forEachRegion(writer::add);
      if (writer.regionCount() == 0) {
        throw new CommandFailure(vmlinux + ": has no code with a name");
      }
      write(writer, target, file.buildId().orElse(""));
    }
    streams.say(
        "dropsite index: "
            + target
            + ": "
            + writer.regionCount()
            + " stretches of code, "
            + Files.size(target)
            + " bytes");
    return ExitCode.OK;
  }

  /** Writes beside the target and renames, so that nobody ever sees half a file. */
  private static void write(GsymWriter writer, Path target, String buildId) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Path unfinished = Files.createTempFile(folder, target.getFileName() + ".", ".unfinished");
    try {
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16)) {
        writer.write(out, buildId);
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
