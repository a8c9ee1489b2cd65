package dropsite.analyze.kernel;

import dropsite.analyze.cache.CachedSymbols;
import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.cache.SymbolFileMaker;
import dropsite.bytes.MalformedInputException;
import dropsite.dwarf.DwarfFile;
import dropsite.elf.ElfImage;
import dropsite.facts.CompletedSymbols;
import dropsite.facts.FactsFile;
import dropsite.gsym.GsymFile;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Opens files of debugging information; the format is chosen by what they hold. */
public final class SymbolFiles {
  private static final List<byte[]> ELF_MAGICS = List.of(bytes(0x7f, 'E', 'L', 'F'));

  /** GSYM in either byte order, and xz, which only GSYM files are compressed with. */
  private static final List<byte[]> GSYM_MAGICS =
      List.of(bytes('M', 'Y', 'S', 'G'), bytes('G', 'S', 'Y', 'M'), bytes(0xfd, '7', 'z', 'X'));

  private SymbolFiles() {}

  /** Opens an ELF file with DWARF or a GSYM file, compressed or not, with or without sidecar. */
  public static DebugSymbols open(Path file) throws IOException {
    return open(file, IndexCache.off(line -> {}));
  }

  /**
   * As {@link #open(Path)}; an ELF file answers from the symbol file that a cache has of it, if it
   * has one. The cache tells of a sidecar that is not used.
   */
  public static DebugSymbols open(Path file, IndexCache cache) throws IOException {
    // A pipe would block, and neither can be mapped.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new MalformedInputException(
          file.toString(), Files.isDirectory(file) ? "is a directory" : "is not a regular file");
    }
    byte[] start = start(file);
    if (isOneOf(start, ELF_MAGICS)) {
      ElfImage image = ElfImage.open(file);
      Optional<CachedSymbols> kept = cache.open(image, file);
      return kept.isPresent() ? kept.get() : DwarfFile.over(image, file);
    }
    if (isOneOf(start, GSYM_MAGICS)) {
      return withFacts(GsymFile.open(file), SymbolFileMaker.besides(file), cache);
    }
    throw new MalformedInputException(file.toString(), "neither an ELF file nor a GSYM file");
  }

  /** Returns a symbol file with its sidecar, if that is there and was made together with it. */
  private static DebugSymbols withFacts(GsymFile symbols, Path sidecar, IndexCache cache)
      throws IOException {
    if (!Files.isRegularFile(sidecar)) {
      return symbols;
    }
    try {
      FactsFile facts = FactsFile.open(sidecar);
      if (facts.origin().madeWith(symbols.bytes())) {
        return new CompletedSymbols(symbols, facts);
      }
      facts.close();
      cache.tell(sidecar + ": was not made together with " + symbols.file() + "; not used");
      return symbols;
    } catch (IOException | MalformedInputException e) {
      symbols.close();
      throw e;
    }
  }

  /** Returns whether a regular file begins as ELF files do. */
  static boolean startsAsElf(Path file) throws IOException {
    return isOneOf(start(file), ELF_MAGICS);
  }

  /** Returns whether a regular file begins as GSYM files do. */
  static boolean startsAsGsym(Path file) throws IOException {
    return isOneOf(start(file), GSYM_MAGICS);
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file)) {
      return input.readNBytes(4);
    }
  }

  private static boolean isOneOf(byte[] start, List<byte[]> magics) {
    return magics.stream().anyMatch(magic -> Arrays.equals(magic, start));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
