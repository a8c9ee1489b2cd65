package dropsite.cli;

import dropsite.dwarf.DwarfFile;
import dropsite.gsym.GsymWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
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
  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

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
    Path named = output == null ? Path.of(vmlinux + ".gsym") : output;
    GsymWriter writer = new GsymWriter();
    Path target;
    try (OpenFile file = OpenFile.of(vmlinux.toString())) {
      if (!(file.symbols() instanceof DwarfFile kernel)) {
        throw new CommandFailure(vmlinux + ": is already a symbol file");
      }
      if (kernel.relocatable()) {
        throw new CommandFailure(vmlinux + ": is a module; only a linked vmlinux has addresses");
      }
      if (!kernel.hasDwarf()) {
        throw new CommandFailure(vmlinux + ": has no debugging information");
      }
      // Before the walk, which takes a while.
      target = writable(named);
      kernel.forEachRegion(writer::add);
      if (writer.regionCount() == 0) {
        throw new CommandFailure(vmlinux + ": has no code with a name");
      }
      write(writer, target, kernel.buildId().orElse(""));
    }
    streams.say(
        "dropsite index: "
            + named
            + ": "
            + writer.regionCount()
            + " stretches of code, "
            + Files.size(target)
            + " bytes");
    return ExitCode.OK;
  }

  /** Returns the file to write, after refusing what must not or cannot be replaced by one. */
  private Path writable(Path named) throws IOException {
    if (Files.isDirectory(named)) {
      throw new CommandFailure(named + ": is a directory");
    }
    if (Files.exists(named)) {
      if (!Files.isRegularFile(named)) {
        throw new CommandFailure(named + ": is not a regular file, and is not replaced by one");
      }
      if (Files.isSameFile(named, vmlinux)) {
        throw new CommandFailure(named + ": is the kernel itself, and is not replaced");
      }
    }
    Path target = behindLinks(named);
    Path folder = folderOf(target);
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(named + ": there is no folder " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw new CommandFailure(named + ": no permission to write into " + folder);
    }
    return target;
  }

  /** Returns what a link points to, there or not: the file is replaced, the link stays. */
  private static Path behindLinks(Path named) throws IOException {
    Path target = named;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new CommandFailure(named + ": too many symbolic links");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  private static Path folderOf(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    return folder == null ? target : folder;
  }

  /** Writes beside the target and renames, so that nobody ever sees half a file. */
  private static void write(GsymWriter writer, Path target, String buildId) throws IOException {
    String name =
        target.getFileName()
            + "."
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
            + ".unfinished";
    Path unfinished = folderOf(target).resolve(name);
    // Not createTempFile: only its owner could read that one.
    OutputStream file = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW);
    try {
      try (OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
        writer.write(out, buildId);
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // A full disk; the exception does not say where.
      throw new CommandFailure(target + ": " + e.getMessage());
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
