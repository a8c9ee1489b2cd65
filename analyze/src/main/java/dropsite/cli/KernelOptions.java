package dropsite.cli;

import dropsite.analyze.kernel.Kallsyms;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelFactsReader;
import dropsite.analyze.kernel.KernelFiles;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.RecordedKernel;
import dropsite.analyze.kernel.WrongKernelException;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.CommandFailure;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options that say which kernel stacks are from, and how to look things up in it. */
final class KernelOptions {
  private static final String DESCRIPTION_BESIDE_EVENTS = "kernel.json";

  private final Argument vmlinux;
  private final Argument folder;
  private final Argument modules;
  private final Argument description;
  private final Argument kallsyms;
  private final Argument force;
  private final Argument exact;
  private final Argument fullPath;
  private final CacheOptions cache;

  KernelOptions(Syntax syntax) {
    vmlinux =
        syntax.option(
            Takes.PATH,
            "FILE",
            "the kernel with debugging information, or a GSYM file made from it",
            "--vmlinux");
    folder =
        syntax.option(
            Takes.PATH,
            "DIR",
            "in place of --vmlinux: folder with kernels, searched to the bottom for the one with"
                + " the recorded build-id, and with modules",
            "--debug-dir");
    modules =
        syntax.option(
            Takes.PATH,
            "DIR",
            "folder with its modules with debugging information, searched to the bottom",
            "--modules");
    description =
        syntax.option(
            Takes.PATH,
            "FILE",
            "kernel.json recorded on the box: build-id, where kernel and modules were loaded, drop"
                + " reasons (default: the one beside the file read)",
            "--kernel");
    kallsyms =
        syntax.option(
            Takes.PATH,
            "FILE",
            "copy of /proc/kallsyms of the same boot, also compressed (.xz, .gz): where kernel and"
                + " modules were loaded, names of BPF programs",
            "--kallsyms");
    force = syntax.flag("use files even if their build-id is another", "--force");
    exact = syntax.flag("look up addresses as they are, not the call before", "--exact");
    fullPath = syntax.flag("print file names as recorded by the compiler", "--full-path");
    cache = new CacheOptions(syntax);
  }

  boolean exact() {
    return exact.given();
  }

  boolean fullPath() {
    return fullPath.given();
  }

  /** Opens the kernel that recordings are from. */
  KernelImage open(Streams streams, List<String> recordings) throws IOException {
    return open(streams, recordings, null, true);
  }

  /**
   * Opens the kernel that recordings of one boot are from.
   *
   * @param recorded what they say about it; null to look for it
   * @param only whether this is the only boot; if not, a kernel of another build than given is left
   *     without its file
   */
  KernelImage open(
      Streams streams, List<String> recordings, @Nullable KernelFacts recorded, boolean only)
      throws IOException {
    KernelFacts facts = facts(recordings, recorded);
    Path file = vmlinux.path();
    Path searched = folder.path();
    if (file == null && searched != null && facts.buildId() != null) {
      file = KernelFiles.ofBuild(searched, facts.buildId()).orElse(null);
    }
    Path ofModules = modules.path() == null && file != null ? searched : modules.path();
    try {
      return KernelImage.open(file, ofModules, facts, force.given(), cache.cache(streams));
    } catch (WrongKernelException e) {
      if (only) {
        throw new CommandFailure(String.valueOf(e.getMessage()));
      }
      return KernelImage.open(null, null, facts, false, cache.cache(streams));
    }
  }

  /**
   * Keeps an index of the kernel for later runs, if that is worth it.
   *
   * @param places that were looked up
   */
  void keepIndex(Streams streams, long places) {
    cache.keep(streams, vmlinux.path(), places);
  }

  private KernelFacts facts(List<String> recordings, @Nullable KernelFacts recorded)
      throws IOException {
    KernelFacts facts =
        recorded == null || description.path() != null ? recorded(recordings) : recorded;
    Path listed = kallsyms.path();
    return listed == null ? facts : facts.with(Kallsyms.read(listed));
  }

  private KernelFacts recorded(List<String> recordings) throws IOException {
    Path given = description.path();
    if (given != null) {
      return KernelFactsReader.read(given);
    }
    for (String recording : recordings) {
      if (recording.equals(InputFiles.STANDARD_INPUT)) {
        continue;
      }
      Path path = Path.of(recording);
      KernelFacts recorded = RecordedKernel.in(path);
      if (!recorded.equals(KernelFacts.NONE)) {
        return recorded;
      }
      Path beside = path.resolveSibling(DESCRIPTION_BESIDE_EVENTS);
      if (Files.isRegularFile(beside)) {
        return KernelFactsReader.read(beside);
      }
    }
    return KernelFacts.NONE;
  }
}
