package dropsite.cli;

import dropsite.analyze.cache.FileStamp;
import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.cache.SymbolFileMaker;
import dropsite.bytes.MalformedInputException;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.FileInTheMaking;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import dropsite.dwarf.DwarfFile;
import dropsite.facts.FactsFile;
import dropsite.facts.Origin;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Makes a symbol file out of a kernel's debugging information: small, and quick to ask. */
final class IndexCommand implements Command {
  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private final Streams streams;

  private final Syntax syntax = new Syntax("index");

  private final Argument output =
      syntax.option(
          Takes.PATH,
          "FILE",
          "the file to write, replaced when it exists (default: VMLINUX.gsym)",
          "-o",
          "--output");
  private final Argument callSites =
      syntax.flag("put call sites into the file itself too: a third larger", "--call-sites");
  private final Argument gsymOnly =
      syntax.flag("leave out the sidecar: what the GSYM format has no place for", "--gsym-only");
  private final Argument kernel =
      syntax.operand(Takes.PATH, "VMLINUX", "kernel with debugging information");

  IndexCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    Path vmlinux = Objects.requireNonNull(kernel.path());
    Path named = Objects.requireNonNullElseGet(output.path(), () -> Path.of(vmlinux + ".gsym"));
    Path sidecar = SymbolFileMaker.besides(named);
    boolean withFacts = !gsymOnly.given();
    SymbolFileMaker maker;
    Path target;
    Path sidecarTarget;
    try (OpenFile file = OpenFile.of(vmlinux.toString(), IndexCache.off(line -> {}))) {
      if (!(file.symbols() instanceof DwarfFile dwarf)) {
        throw new CommandFailure(vmlinux + ": is already a symbol file");
      }
      if (dwarf.relocatable()) {
        throw new CommandFailure(vmlinux + ": is a module; only a linked vmlinux has addresses");
      }
      if (!dwarf.hasDwarf()) {
        throw new CommandFailure(vmlinux + ": has no debugging information");
      }
      if (withFacts && dwarf.buildId().orElse("").length() > 2 * Origin.MAX_BUILD_ID_BYTES) {
        throw new CommandFailure(
            vmlinux
                + ": has a build-id of more than "
                + Origin.MAX_BUILD_ID_BYTES
                + " bytes, which a sidecar has no room for (--gsym-only leaves it out)");
      }
      // Before the walk, which takes a while.
      target = writable(named, vmlinux);
      sidecarTarget = withFacts ? writable(sidecar, vmlinux) : target;
      maker = new SymbolFileMaker(dwarf, withFacts, callSites.given());
      if (maker.regionCount() == 0) {
        throw new CommandFailure(vmlinux + ": has no code with a name");
      }
    }
    write(target, maker::writeSymbols);
    String facts;
    if (withFacts) {
      write(sidecarTarget, out -> maker.writeFacts(out, FileStamp.NONE));
      facts = "; " + sidecar + ": " + Files.size(sidecarTarget) + " bytes";
    } else {
      facts = withoutSidecar(sidecar);
    }
    streams.say(
        "dropsite index: "
            + named
            + ": "
            + maker.regionCount()
            + " stretches of code, "
            + Files.size(target)
            + " bytes"
            + facts);
    return ExitCode.OK;
  }

  /** Deletes the sidecar of a symbol file that is replaced; returns what there is to say of it. */
  private static String withoutSidecar(Path sidecar) throws IOException {
    if (!Files.isRegularFile(sidecar)) {
      return "";
    }
    try (FactsFile _ = FactsFile.open(sidecar)) {
      Files.delete(sidecar);
      return "; " + sidecar + ": deleted";
    } catch (MalformedInputException e) {
      return "; " + sidecar + ": not a whole sidecar, left there";
    }
  }

  /** Returns the file to write, after refusing what must not or cannot be replaced by one. */
  private static Path writable(Path named, Path vmlinux) throws IOException {
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

  /** What a file is to hold. */
  private interface Contents {
    void write(OutputStream out) throws IOException;
  }

  /** Writes beside the target and renames, so that nobody ever sees half a file. */
  private static void write(Path target, Contents contents) throws IOException {
    String name =
        target.getFileName()
            + "."
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
            + ".unfinished";
    Path unfinished = folderOf(target).resolve(name);
    // Not createTempFile: only its owner could read that one.
    OutputStream file = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW);
    try (FileInTheMaking _ = FileInTheMaking.at(unfinished)) {
      try (OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
        contents.write(out);
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
