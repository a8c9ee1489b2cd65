package dropsite.analyze.kernel;

import dropsite.bytes.MalformedInputException;
import dropsite.dwarf.DwarfFile;
import dropsite.gsym.GsymFile;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Opens files of debugging information; the format is chosen by what they hold. */
public final class SymbolFiles {
  private static final List<byte[]> ELF_MAGICS = List.of(bytes(0x7f, 'E', 'L', 'F'));

  /** GSYM in either byte order, and xz, which only GSYM files are compressed with. */
  private static final List<byte[]> GSYM_MAGICS =
      List.of(bytes('M', 'Y', 'S', 'G'), bytes('G', 'S', 'Y', 'M'), bytes(0xfd, '7', 'z', 'X'));

  private SymbolFiles() {}

  /** Opens an ELF file with DWARF or a GSYM file, compressed or not. */
  public static DebugSymbols open(Path file) throws IOException {
    // A pipe would block, and neither can be mapped.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new MalformedInputException(
          file.toString(), Files.isDirectory(file) ? "is a directory" : "is not a regular file");
    }
    byte[] start;
    try (InputStream input = Files.newInputStream(file)) {
      start = input.readNBytes(4);
    }
    if (isOneOf(start, ELF_MAGICS)) {
      return DwarfFile.open(file);
    }
    if (isOneOf(start, GSYM_MAGICS)) {
      return GsymFile.open(file);
    }
    throw new MalformedInputException(file.toString(), "neither an ELF file nor a GSYM file");
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
