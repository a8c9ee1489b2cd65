package dropsite.analyze.kernel;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.elf.ElfImage;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the kernels among the files of a folder, by what they hold. */
final class KernelFiles {
  /** Sections of vmlinux are discarded or kept apart after boot; no other program has this one. */
  private static final String INIT_SECTION = ".init.text";

  private static final String TEXT_SECTION = ".rodata";
  private static final byte[] BANNER = "Linux version ".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_RELEASE = 64;
  private static final String FILE_PREFIX = "vmlinux-";
  private static final List<String> FILE_SUFFIXES = List.of(".xz", ".gsym", ".debug");

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

  /**
   * Returns the release of a kernel as {@code uname -r} prints it: as its banner says, else as the
   * file is named; empty when neither tells.
   */
  static String release(Path file) throws IOException {
    if (SymbolFiles.startsAsElf(file)) {
      try (ElfImage image = ElfImage.open(file)) {
        String banner =
            image.section(TEXT_SECTION).map(image::contents).map(KernelFiles::banner).orElse("");
        if (!banner.isEmpty()) {
          return banner;
        }
      }
    }
    String name = file.getFileName().toString();
    for (String suffix : FILE_SUFFIXES) {
      name = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }
    return name.startsWith(FILE_PREFIX) ? name.substring(FILE_PREFIX.length()) : "";
  }

  private static String banner(Bytes data) {
    MemorySegment memory = data.memory();
    long last = memory.byteSize() - BANNER.length - LONGEST_RELEASE;
    for (long at = 0; at < last; at++) {
      if (memory.get(ValueLayout.JAVA_BYTE, at) == BANNER[0]
          && memory.asSlice(at, BANNER.length).mismatch(MemorySegment.ofArray(BANNER)) < 0) {
        StringBuilder release = new StringBuilder();
        for (int i = 0; i < LONGEST_RELEASE; i++) {
          int c = memory.get(ValueLayout.JAVA_BYTE, at + BANNER.length + i);
          if (c <= ' ' || c == '%') {
            break;
          }
          release.append((char) c);
        }
        if (release.length() > 0) {
          return release.toString();
        }
      }
    }
    return "";
  }
}
