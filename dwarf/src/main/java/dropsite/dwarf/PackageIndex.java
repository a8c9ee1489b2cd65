package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The unit index of a DWARF package file (DWARF 5 §7.3.5.3; version 2 is GNU's before it): which
 * bytes of each section belong to a unit.
 */
final class PackageIndex {
  private static final int GNU_VERSION = 2;

  private final Bytes bytes;
  private final int version;
  private final int columns;
  private final int units;
  private final int slots;

  private PackageIndex(Bytes bytes) {
    this.bytes = bytes;
    if (bytes.sizeBytes() == 0) {
      this.version = GNU_VERSION;
      this.columns = 0;
      this.units = 0;
      this.slots = 0;
      return;
    }
    ByteCursor cursor = bytes.cursor(0);
    // GNU's version fills 4 bytes, DWARF 5's the first 2 of them.
    long first = cursor.u32();
    cursor.seek(0);
    this.version = first == GNU_VERSION ? GNU_VERSION : cursor.u16();
    if (version != GNU_VERSION && version != 5) {
      throw bytes.malformed(0, "unit index of version " + version);
    }
    cursor.seek(4);
    this.columns = fitting(cursor.u32(), 4);
    this.units = fitting(cursor.u32(), 4);
    this.slots = fitting(cursor.u32(), 12);
  }

  static PackageIndex read(Bytes bytes) {
    return new PackageIndex(bytes);
  }

  private int fitting(long count, int sizeBytes) {
    if (count > bytes.sizeBytes() / sizeBytes) {
      throw bytes.malformed(0, count + " entries do not fit");
    }
    return (int) count;
  }

  /** Returns the parts of each section that belong to a unit; empty when it is not in the file. */
  Optional<Map<Section, Sections.Share>> shares(long unitId) {
    for (int slot = 0; slot < slots; slot++) {
      long row = bytes.cursor(16 + 8L * slots + 4L * slot).u32();
      if (row != 0 && row <= units && bytes.cursor(16 + 8L * slot).u64() == unitId) {
        return Optional.of(row((int) row - 1));
      }
    }
    return Optional.empty();
  }

  private Map<Section, Sections.Share> row(int row) {
    Map<Section, Sections.Share> shares = new EnumMap<>(Section.class);
    long table = 16 + 12L * slots;
    long rowBytes = 4L * columns;
    for (int column = 0; column < columns; column++) {
      Section section = section(bytes.cursor(table + 4L * column).s32());
      long cell = table + rowBytes * (1 + row) + 4L * column;
      long offset = bytes.cursor(cell).u32();
      long size = bytes.cursor(cell + rowBytes * units).u32();
      if (section != null) {
        shares.put(section, new Sections.Share(offset, size));
      }
    }
    return shares;
  }

  /**
   * Table 7.1 of DWARF 5, and its GNU forerunner, in which types come second and 5 is locations.
   */
  private @Nullable Section section(int code) {
    boolean gnu = version == GNU_VERSION;
    return switch (code) {
      case 1 -> Section.INFO;
      case 2 -> gnu ? Section.TYPES : null;
      case 3 -> Section.ABBREV;
      case 4 -> Section.LINE;
      case 5 -> gnu ? Section.LOC : Section.LOCLISTS;
      case 6 -> Section.STR_OFFSETS;
      case 8 -> gnu ? null : Section.RNGLISTS;
      default -> null;
    };
  }
}
