package dropsite.analyze.kernel;

import dropsite.dwarf.DwarfFile;
import dropsite.gsym.GsymFile;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens files of debugging information; the format is chosen by what they hold. */
public final class SymbolFiles {
  private static final byte[] ELF_MAGIC = {0x7f, 'E', 'L', 'F'};

  private SymbolFiles() {}

  /** Opens an ELF file with DWARF or a GSYM file, compressed or not. */
  public static DebugSymbols open(Path file) throws IOException {
    byte[] magic;
    try (InputStream input = Files.newInputStream(file)) {
      magic = input.readNBytes(ELF_MAGIC.length);
    }
    return Arrays.equals(magic, ELF_MAGIC) ? DwarfFile.open(file) : GsymFile.open(file);
  }
}
