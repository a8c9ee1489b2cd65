package dropsite.cli;

import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelFactsReader;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.WrongKernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which kernel stacks are from, and how to look things up in it. */
final class KernelOptions {
  private static final String DESCRIPTION_BESIDE_EVENTS = "kernel.json";

  @Option(
      names = "--vmlinux",
      paramLabel = "FILE",
      description = "the kernel with debugging information, or a GSYM file made from it")
  private @Nullable Path vmlinux;

  @Option(
      names = "--modules",
      paramLabel = "DIR",
      description = "folder with its modules with debugging information, searched to the bottom")
  private @Nullable Path modules;

  @Option(
      names = "--kernel",
      paramLabel = "FILE",
      description =
          "kernel.json recorded on the box: build-id, where kernel and modules were loaded, drop"
              + " reasons (default: the one beside a file of JSON events)")
  private @Nullable Path description;

  @Option(names = "--force", description = "use files even if their build-id is another")
  private boolean force;

  @Option(names = "--exact", description = "look up addresses as they are, not the call before")
  private boolean exact;

  @Option(names = "--full-path", description = "print file names as recorded by the compiler")
  private boolean fullPath;

  boolean exact() {
    return exact;
  }

  boolean fullPath() {
    return fullPath;
  }

  /** Opens the kernel that recordings are from. */
  KernelImage open(List<String> recordings) throws IOException {
    try {
      return KernelImage.open(vmlinux, modules, facts(recordings), force);
    } catch (WrongKernelException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private KernelFacts facts(List<String> recordings) throws IOException {
    if (description != null) {
      return KernelFactsReader.read(description);
    }
    for (String recording : recordings) {
      Path beside = Path.of(recording).resolveSibling(DESCRIPTION_BESIDE_EVENTS);
      if (!recording.equals(InputFiles.STANDARD_INPUT) && Files.isRegularFile(beside)) {
        return KernelFactsReader.read(beside);
      }
    }
    return KernelFacts.NONE;
  }
}
