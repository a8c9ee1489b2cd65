package dropsite.cli;

import dropsite.analyze.kernel.SymbolFiles;
import dropsite.elf.ElfImage;
import dropsite.elf.ElfSection;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file that the user named, open for questions.
 *
 * @param symbols what it knows of its addresses
 * @param image its sections; empty when it is no ELF file, such as GSYM
 */
record OpenFile(DebugSymbols symbols, Optional<ElfImage> image) implements AutoCloseable {
  private static final byte[] ELF_MAGIC = {0x7f, 'E', 'L', 'F'};

  static OpenFile of(String file) throws IOException {
    Path path = path(file);
    if (Files.isDirectory(path)) {
      throw new CommandFailure(file + ": is a directory");
    }
    Optional<ElfImage> image = isElf(path) ? Optional.of(ElfImage.open(path)) : Optional.empty();
    try {
      return new OpenFile(SymbolFiles.open(path), image);
    } catch (IOException | RuntimeException e) {
      image.ifPresent(ElfImage::close);
      throw e;
    }
  }

  private static Path path(String file) throws NoSuchFileException {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new NoSuchFileException(file);
    }
  }

  private static boolean isElf(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(ELF_MAGIC.length), ELF_MAGIC);
    }
  }

  /** Returns whether addresses have 64 bits. */
  boolean is64() {
    return image.map(ElfImage::is64).orElse(true);
  }

  /** Returns whether the file itself has DWARF; its separate debug file may have some still. */
  boolean hasDebugInformation() {
    return image.isEmpty()
        || image.get().section(".debug_info").isPresent()
        || image.get().section(".zdebug_info").isPresent();
  }

  /**
   * Returns an address as the file's own numbers have it: in a relocatable file the offset into its
   * section, elsewhere the link-time address.
   */
  long shownAddress(long linkAddress) {
    if (!symbols.relocatable()) {
      return linkAddress;
    }
    return image
        .flatMap(elf -> elf.sectionAt(linkAddress))
        .map(ElfSection::linkAddress)
        .map(start -> linkAddress - start)
        .orElse(linkAddress);
  }

  @Override
  public void close() {
    symbols.close();
    image.ifPresent(ElfImage::close);
  }
}
