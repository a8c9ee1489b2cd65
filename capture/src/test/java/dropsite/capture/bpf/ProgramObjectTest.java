package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import dropsite.btf.Btf;
import dropsite.btf.BtfMember;
import dropsite.bytes.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What Java believes of the compiled program, against the program's own types and bytes. */
final class ProgramObjectTest {
  private static final byte[] ELF = ProgramObject.read();
  private static final Btf TYPES = Btf.read(section(".BTF"));

  @Test
  void recordsLieAsTheProgramWritesThem() {
    agree(EventLayout.LAYOUT, "event");
    assertThat(TYPES.member("event", "data").orElseThrow())
        .satisfies(data -> assertThat(data.offsetBytes()).isEqualTo(EventLayout.DATA));
  }

  @Test
  void settingsLieAsTheProgramReadsThem() {
    agree(ProbeConfig.LAYOUT, "config");
    agree(ProbeConfig.PREFIX, "prefix");
    assertThat(ProbeConfig.LAYOUT.byteSize())
        .as("nothing but the settings is in the section that holds them")
        .isEqualTo(section(".rodata").sizeBytes())
        .isEqualTo(TYPES.sizeBytes("config").orElseThrow());
  }

  @Test
  void countersLieAsTheProgramCounts() {
    agree(Counters.LAYOUT, "cpu");
    assertThat(Counters.LAYOUT.byteSize()).isEqualTo(TYPES.sizeBytes("cpu").orElseThrow());
    assertThat(
            Counters.LAYOUT.byteOffset(
                PathElement.groupElement("event"), PathElement.groupElement("data")))
        .isEqualTo(
            TYPES.member("cpu", "event").orElseThrow().offsetBytes()
                + TYPES.member("event", "data").orElseThrow().offsetBytes());
  }

  @Test
  void aFilterHasOnePlaceAndStaysInIt() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment plain = ProgramObject.withFilter(arena, ELF, new long[0]);
      long place = ProgramObject.filterPlace(plain);
      assertThat(plain.asSlice(0, ELF.length).mismatch(MemorySegment.ofArray(ELF)))
          .as("without a filter nothing changes")
          .isEqualTo(-1);

      long[] full = new long[ProgramObject.FILTER_INSTRUCTIONS];
      Arrays.fill(full, 0xb7L);
      MemorySegment filled = ProgramObject.withFilter(arena, ELF, full);
      assertThat(filled.mismatch(plain)).isEqualTo(place);
      long end = place + (long) full.length * Long.BYTES;
      assertThat(filled.get(JAVA_LONG_UNALIGNED, end - Long.BYTES)).isEqualTo(0xb7L);
      assertThat(filled.asSlice(end).mismatch(plain.asSlice(end))).isEqualTo(-1);
    }
  }

  private static void agree(StructLayout ours, String structure) {
    for (MemoryLayout member : ours.memberLayouts()) {
      String name = member.name().orElseThrow();
      BtfMember theirs = TYPES.member(structure, name).orElseThrow();
      assertThat(theirs.offsetBytes())
          .as("%s.%s", structure, name)
          .isEqualTo(ours.byteOffset(PathElement.groupElement(name)));
      assertThat(theirs.sizeBytes()).as("%s.%s", structure, name).isEqualTo(member.byteSize());
    }
  }

  /** Elf64_Ehdr and Elf64_Shdr of the System V ABI. */
  private static Bytes section(String name) {
    ByteBuffer elf = ByteBuffer.wrap(ELF).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) elf.getLong(40);
    int names = (int) elf.getLong(headers + 64 * elf.getShort(62) + 24);
    for (int i = 0; i < elf.getShort(60); i++) {
      int header = headers + 64 * i;
      byte[] wanted = (name + "\0").getBytes(StandardCharsets.UTF_8);
      int nameAt = names + elf.getInt(header);
      if (new String(ELF, nameAt, wanted.length, StandardCharsets.UTF_8).equals(name + "\0")) {
        int offset = (int) elf.getLong(header + 24);
        int size = (int) elf.getLong(header + 32);
        MemorySegment bytes = Arena.ofAuto().allocate(size, Long.BYTES);
        MemorySegment.copy(MemorySegment.ofArray(ELF), offset, bytes, 0, size);
        return new Bytes("drops.bpf.o", name, bytes, false);
      }
    }
    throw new AssertionError("no section " + name);
  }
}
