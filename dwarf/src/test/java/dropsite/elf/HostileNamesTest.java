package dropsite.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dropsite.bytes.MalformedInputException;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose names are made to cost time and memory out of all proportion to their size. */
final class HostileNamesTest {
  private static final int HEADER_BYTES = 64;
  private static final int SECTION_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;
  private static final int SHT_PROGBITS = 1;
  private static final int SHT_STRTAB = 3;

  @TempDir private Path folder;

  @Test
  void sectionsSharingOneEndlessNameAreRefused() throws IOException {
    byte[] names = new byte[1 << 20];
    Arrays.fill(names, 0, names.length - 1, (byte) 'a');
    int count = 20_000;
    ByteBuffer file = file(names.length + (count + 1) * SECTION_BYTES);
    header(file, HEADER_BYTES + names.length, count);
    file.position(HEADER_BYTES).put(names);
    section(file, 0, 0, 0, 0, 0);
    section(file, 0, SHT_STRTAB, HEADER_BYTES, names.length, 0);
    for (int i = 2; i < count; i++) {
      section(file, i, SHT_PROGBITS, 0, 0, 0);
    }
    Path path = write(file);
    assertThatThrownBy(() -> ElfImage.open(path))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("section names");
  }

  @Test
  void symbolsNamingPartsOfOneLongStringAreFoundInTime() throws IOException {
    byte[] names = new byte[1 << 22];
    Arrays.fill(names, 1, names.length - 2, (byte) 'a');
    names[names.length - 2] = 0;
    int symbols = 50_000;
    int tableAt = HEADER_BYTES + names.length;
    int sectionsAt = tableAt + symbols * SYMBOL_BYTES;
    ByteBuffer file = file(sectionsAt - HEADER_BYTES + 4 * SECTION_BYTES);
    header(file, sectionsAt, 4);
    file.position(HEADER_BYTES).put(names);
    for (int i = 0; i < symbols; i++) {
      // Global function of 16 bytes in section 1.
      file.putInt(1 + i % 1000).put((byte) 0x12).put((byte) 0).putShort((short) 1);
      file.putLong(0x1000 + 16L * i).putLong(16);
    }
    section(file, 0, 0, 0, 0, 0);
    section(file, 0, SHT_PROGBITS, HEADER_BYTES, 0, 0);
    section(file, 0, SHT_STRTAB, HEADER_BYTES, names.length, 0);
    section(file, 0, ElfSection.SHT_SYMTAB, tableAt, symbols * SYMBOL_BYTES, 2);
    file.putLong(sectionsAt + SECTION_BYTES + 8, ElfSection.SHF_ALLOC);
    Path path = write(file);
    try (ElfImage image = ElfImage.open(path)) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            for (int i = 0; i < 20; i++) {
              List<Symbol> found = image.symbols().named("b" + i);
              assertThat(found).isEmpty();
            }
          });
      assertThatThrownBy(() -> image.symbols().covering(0x1000))
          .isInstanceOf(MalformedInputException.class);
    }
  }

  @Test
  void cutFileIsCalledCut() throws IOException {
    ByteBuffer file = file(64);
    header(file, 1 << 20, 4);
    Path path = write(file);
    assertThatThrownBy(() -> ElfImage.open(path))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining(path + ": section table+0x100000: ")
        .hasMessageContaining("cut short");
  }

  private static ByteBuffer file(int contentBytes) {
    return ByteBuffer.allocate(HEADER_BYTES + contentBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A 64-bit little-endian executable for x86-64; names are in section 1 or, of four, in 2. */
  private static void header(ByteBuffer file, int sectionsAt, int sectionCount) {
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) ElfImage.EM_X86_64).putInt(1);
    file.putLong(0).putLong(0).putLong(sectionsAt).putInt(0);
    file.putShort((short) HEADER_BYTES).putShort((short) 0).putShort((short) 0);
    file.putShort((short) SECTION_BYTES).putShort((short) sectionCount);
    file.putShort((short) (sectionCount == 4 ? 2 : 1));
  }

  private static void section(
      ByteBuffer file, int name, int type, int offset, int sizeBytes, int link) {
    file.putInt(name).putInt(type).putLong(0).putLong(0).putLong(offset).putLong(sizeBytes);
    file.putInt(link).putInt(0).putLong(1).putLong(type == ElfSection.SHT_SYMTAB ? 24 : 0);
  }

  private Path write(ByteBuffer file) throws IOException {
    byte[] bytes = new byte[file.capacity()];
    file.rewind().get(bytes);
    return Files.write(folder.resolve("hostile.elf"), bytes);
  }
}
