package dropsite.cli;

import dropsite.analyze.cache.CachedSymbols;
import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.kernel.SymbolFiles;
import dropsite.dwarf.DwarfFile;
import dropsite.elf.ElfImage;
import dropsite.elf.ElfSection;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that the user named, open for questions.
 *
 * @param symbols what it knows of its addresses
 * @param image its sections; empty when it is no ELF file, such as GSYM
 */
record OpenFile(DebugSymbols symbols, Optional<ElfImage> image) implements AutoCloseable {
  static OpenFile of(String file, IndexCache cache) throws IOException {
    DebugSymbols symbols = SymbolFiles.open(path(file), cache);
    // No switch: its first run makes a class, which costs some milliseconds.
    if (symbols instanceof DwarfFile elf) {
      return new OpenFile(symbols, Optional.of(elf.image()));
    }
    return new OpenFile(
        symbols,
        symbols instanceof CachedSymbols elf ? Optional.of(elf.image()) : Optional.empty());
  }

  private static Path path(String file) throws NoSuchFileException {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new NoSuchFileException(file);
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
  }
}
