package dropsite.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gives little-endian ELF files of 64 bits another build-id. */
final class BuildIds {
  private static final int SHT_NOTE = 7;
  private static final int NT_GNU_BUILD_ID = 3;

  private BuildIds() {}

  /**
   * Writes a copy of a file with a build-id of another size.
   *
   * @param bytes 0 for none
   */
  static Path copy(String file, Path target, int bytes) throws IOException {
    byte[] source = Files.readAllBytes(Path.of(file));
    ByteBuffer elf =
        ByteBuffer.allocate(source.length + 16 + bytes).order(ByteOrder.LITTLE_ENDIAN).put(source);
    elf.putInt(4).putInt(bytes).putInt(NT_GNU_BUILD_ID);
    elf.put("GNU\0".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < bytes; i++) {
      elf.put((byte) (0xa0 + i));
    }
    // ELF-64: e_shoff, e_shentsize and e_shnum; of a section sh_type, sh_offset and sh_size.
    int table = (int) elf.getLong(0x28);
    for (int i = 0; i < elf.getShort(0x3c); i++) {
      int section = table + i * elf.getShort(0x3a);
      if (elf.getInt(section + 4) == SHT_NOTE) {
        elf.putLong(section + 0x18, source.length);
        elf.putLong(section + 0x20, bytes == 0 ? 0 : 16 + bytes);
      }
    }
    return Files.write(target, elf.array());
  }
}
