package dropsite.capture.host;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** Notes of ELF files, as the kernel shows them in sysfs (ELF gABI, "Note Section"). */
final class ElfNotes {
  /** NT_GNU_BUILD_ID (uapi/linux/elf.h). */
  private static final long BUILD_ID = 3;

  private static final byte[] OWNER = {'G', 'N', 'U', 0};
  private static final int ALIGNMENT = 4;
  private static final int LONGEST_BUILD_ID = 64;

  private ElfNotes() {}

  /** Returns the build-id in lower-case hex; empty when there is none or the notes are damaged. */
  static String buildId(String file, byte[] notes) {
    Bytes bytes =
        new Bytes(
            file,
            "notes",
            MemorySegment.ofArray(notes),
            ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
    try {
      ByteCursor cursor = bytes.cursor(0);
      while (bytes.sizeBytes() - cursor.position() >= 3 * Integer.BYTES) {
        long nameBytes = cursor.unsigned(Integer.BYTES);
        long valueBytes = cursor.unsigned(Integer.BYTES);
        long type = cursor.unsigned(Integer.BYTES);
        long name = cursor.position();
        long value = name + padded(nameBytes);
        if (type == BUILD_ID
            && nameBytes == OWNER.length
            && valueBytes <= LONGEST_BUILD_ID
            && Arrays.equals(bytes.copy(name, OWNER.length), OWNER)) {
          return HexFormat.of().formatHex(bytes.copy(value, (int) valueBytes));
        }
        cursor.seek(value + padded(valueBytes));
      }
    } catch (MalformedInputException e) {
      return "";
    }
    return "";
  }

  private static long padded(long sizeBytes) {
    return (sizeBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
