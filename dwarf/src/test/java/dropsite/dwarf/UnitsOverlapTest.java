package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.elf.ElfImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnitsOverlapTest {
  private static final Path FILE = Path.of("..", "testdata", "fixtures", "bin", "gcc-v5");

  /** Length, version, offset of the unit and two sizes, and what aligns the first tuple. */
  private static final int TUPLES = 16;

  @TempDir Path folder;

  @Test
  void unitsOfOneFileKeepApart() throws IOException {
    try (DwarfFile file = DwarfFile.open(FILE)) {
      assertThat(file.unitsOverlap()).isFalse();
    }
  }

  @Test
  void unitsThatClaimTheSameCodeOverlap() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(FILE)).order(ByteOrder.LITTLE_ENDIAN);
    try (ElfImage image = ElfImage.open(FILE)) {
      int first = (int) image.section(".debug_aranges").orElseThrow().fileOffset();
      int second = first + Integer.BYTES + bytes.getInt(first);
      bytes.putLong(second + TUPLES, bytes.getLong(first + TUPLES));
    }
    Path claimed = Files.write(folder.resolve("claimed"), bytes.array());
    try (DwarfFile file = DwarfFile.open(claimed)) {
      assertThat(file.unitsOverlap()).isTrue();
    }
  }
}
