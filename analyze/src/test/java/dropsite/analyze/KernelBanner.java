package dropsite.analyze;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** ELF files with nothing but the banner of a kernel. */
public final class KernelBanner {
  private static final int HEADER_BYTES = 64;
  private static final int SECTION_BYTES = 64;
  private static final int DATA_BYTES = 256;
  private static final String NAMES = "\0.rodata\0.shstrtab\0";

  private KernelBanner() {}

  /** Writes a file whose kernel says that it is of a release. */
  public static Path write(Path file, String release) throws IOException {
    byte[] names = NAMES.getBytes(StandardCharsets.US_ASCII);
    int namesOffset = HEADER_BYTES + DATA_BYTES;
    int sectionsOffset = namesOffset + 32;
    ByteBuffer elf =
        ByteBuffer.allocate(sectionsOffset + 3 * SECTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    // System V gABI, ELF header: ELFCLASS64, ELFDATA2LSB, EV_CURRENT, ET_EXEC, EM_X86_64.
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    elf.putShort((short) 2).putShort((short) 62).putInt(1).putLong(0).putLong(0);
    elf.putLong(sectionsOffset).putInt(0).putShort((short) HEADER_BYTES).putInt(0);
    elf.putShort((short) SECTION_BYTES).putShort((short) 3).putShort((short) 2);
    elf.position(HEADER_BYTES + 16);
    elf.put(("Linux version " + release + " (a@b) #1 SMP").getBytes(StandardCharsets.US_ASCII));
    elf.position(namesOffset);
    elf.put(names);
    section(elf.position(sectionsOffset + SECTION_BYTES), 1, 1, HEADER_BYTES, DATA_BYTES);
    section(elf.position(sectionsOffset + 2 * SECTION_BYTES), 9, 3, namesOffset, names.length);
    return Files.write(file, elf.array());
  }

  private static void section(ByteBuffer elf, int name, int type, int offset, int sizeBytes) {
    elf.putInt(name).putInt(type).putLong(0).putLong(0).putLong(offset).putLong(sizeBytes);
    elf.putInt(0).putInt(0).putLong(1).putLong(0);
  }
}
