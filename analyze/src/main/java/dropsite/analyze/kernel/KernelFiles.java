package dropsite.analyze.kernel;

import dropsite.bytes.MalformedInputException;
import dropsite.elf.ElfImage;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the kernels among the files of a folder, by what they hold. */
public final class KernelFiles {
  /** Sections of vmlinux are discarded or kept apart after boot; no other program has this one. */
  private static final String INIT_SECTION = ".init.text";

  /** Folders nest a dozen deep below /usr/lib/debug. */
  private static final int DEEPEST = 32;

  /** A kernel has tens of thousands of functions, the largest module a few thousand. */
  private static final int FEWEST_FUNCTIONS = 8000;

  /** Modules stand beside kernels by the thousand, and need no look. */
  private static final List<String> MODULE_SUFFIXES = List.of(".ko", ".ko.debug", ".ko.xz");

  private KernelFiles() {}

  /** Returns the regular files of a folder that may be kernels, each once however often linked. */
  static List<Path> candidates(Path folder) throws IOException {
    Set<Path> seen = new LinkedHashSet<>();
    Set<Path> found = new LinkedHashSet<>();
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            if (attributes.isRegularFile()
                && MODULE_SUFFIXES.stream().noneMatch(name::endsWith)
                && seen.add(file.toRealPath())) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem)
              throws IOException {
            if (file.equals(folder)) {
              throw problem;
            }
            // What cannot be read, and links that lead in a circle, hold no kernel for us.
            return FileVisitResult.CONTINUE;
          }
        });
    return List.copyOf(found);
  }

  /**
   * Returns the kernel of a build among the files of a folder.
   *
   * @param buildId lower-case hex
   */
  public static Optional<Path> ofBuild(Path folder, String buildId) throws IOException {
    for (Path file : candidates(folder)) {
      if (isKernel(file)) {
        try (DebugSymbols symbols = SymbolFiles.open(file)) {
          if (symbols.buildId().filter(buildId::equals).isPresent()) {
            return Optional.of(file);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Returns whether a file is a kernel; false for all that is no symbol file at all. */
  static boolean isKernel(Path file) throws IOException {
    try {
      if (SymbolFiles.startsAsElf(file)) {
        try (ElfImage image = ElfImage.open(file)) {
          return !image.relocatable() && image.section(INIT_SECTION).isPresent();
        }
      }
      if (!SymbolFiles.startsAsGsym(file)) {
        return false;
      }
      try (DebugSymbols symbols = SymbolFiles.open(file)) {
        List<Symbol> functions = symbols.symbols().functions();
        return functions.size() >= FEWEST_FUNCTIONS;
      }
    } catch (MalformedInputException e) {
      return false;
    }
  }
}
