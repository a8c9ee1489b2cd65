package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The debugging information of one file: its units, found by offset, and the files it leans on
 * (dwz's supplementary file, split units).
 */
final class DwarfObject {
  /** Units that were asked least recently are forgotten beyond this much heap. */
  private static final long MAX_CACHE_BYTES =
      Math.min(96L << 20, Runtime.getRuntime().maxMemory() / 4);

  private final Sections sections;
  private final ElfImage addressSpace;
  private final DebugFiles debugFiles;
  private final Map<Long, Unit> units = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Long, Long> weights = new HashMap<>();
  private long weight;
  private long @Nullable [] unitOffsets;
  private @Nullable Map<Long, DieReference> typeUnits;
  private @Nullable DwarfObject supplement;
  private boolean supplementSought;

  /**
   * @param sections where this file's DWARF is
   * @param addressSpace the image that addresses belong to
   * @param debugFiles where other files are looked for
   */
  DwarfObject(Sections sections, ElfImage addressSpace, DebugFiles debugFiles) {
    this.sections = sections;
    this.addressSpace = addressSpace;
    this.debugFiles = debugFiles;
  }

  Sections sections() {
    return sections;
  }

  ElfImage addressSpace() {
    return addressSpace;
  }

  DebugFiles debugFiles() {
    return debugFiles;
  }

  /** Returns the unit whose header stands at an offset of .debug_info. */
  synchronized Unit unitAt(long offset) {
    Unit known = units.get(offset);
    if (known == null) {
      ByteCursor cursor = sections.get(Section.INFO).cursor(offset);
      known = new Unit(this, sections, Section.INFO, UnitHeader.read(cursor, false), null);
      units.put(offset, known);
    }
    return known;
  }

  /** Notes what a unit has come to weigh, and forgets others when all weigh too much. */
  synchronized void used(Unit unit) {
    long key = unit.header().offset();
    if (units.get(key) != unit) {
      return;
    }
    long now = unit.weightBytes();
    Long before = weights.get(key);
    if (before != null && before == now) {
      return;
    }
    weights.put(key, now);
    weight += now - (before == null ? 0 : before);
    var oldest = units.keySet().iterator();
    while (weight > MAX_CACHE_BYTES && oldest.hasNext()) {
      long candidate = oldest.next();
      if (candidate != key) {
        Long freed = weights.remove(candidate);
        weight -= freed == null ? 0 : freed;
        oldest.remove();
      }
    }
  }

  /** Returns the offsets of all unit headers in .debug_info, ascending. */
  synchronized long[] unitOffsets() {
    if (unitOffsets == null) {
      unitOffsets = scan(sections.get(Section.INFO));
    }
    return unitOffsets;
  }

  private static long[] scan(Bytes section) {
    List<Long> offsets = new ArrayList<>();
    ByteCursor cursor = section.cursor(0);
    while (cursor.hasRemaining()) {
      offsets.add(cursor.position());
      cursor.seek(InitialLength.read(cursor).end());
    }
    return offsets.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * Returns the DIE at an offset of .debug_info.
   *
   * @param likely a unit that may contain it, tried first; null when there is none
   */
  DieReference reference(@Nullable Unit likely, long offset) {
    if (likely != null
        && offset >= likely.header().rootOffset()
        && offset < likely.header().end()) {
      return new DieReference(likely, offset);
    }
    long[] offsets = unitOffsets();
    int at = java.util.Arrays.binarySearch(offsets, offset);
    int index = at >= 0 ? at : -at - 2;
    if (index < 0) {
      throw sections.get(Section.INFO).malformed(offset, "no unit contains this DIE");
    }
    return new DieReference(unitAt(offsets[index]), offset);
  }

  /** Returns the type DIE of a type unit by signature; null when this file has none of it. */
  synchronized @Nullable DieReference typeUnit(long signature) {
    if (typeUnits == null) {
      typeUnits = new HashMap<>();
      addTypeUnits(Section.TYPES, typeUnits);
      addTypeUnits(Section.INFO, typeUnits);
    }
    return typeUnits.get(signature);
  }

  private void addTypeUnits(Section section, Map<Long, DieReference> found) {
    Bytes bytes = sections.get(section);
    for (long offset : section == Section.INFO ? unitOffsets() : scan(bytes)) {
      UnitHeader header = UnitHeader.read(bytes.cursor(offset), section == Section.TYPES);
      if (header.isType()) {
        Unit unit = new Unit(this, sections, section, header, null);
        found.putIfAbsent(
            header.signature(), new DieReference(unit, header.offset() + header.typeOffset()));
      }
    }
  }

  /** Returns dwz's supplementary file; null when there is none or it cannot be found. */
  synchronized @Nullable DwarfObject supplement() {
    if (!supplementSought) {
      supplementSought = true;
      ElfImage image = debugFiles.supplementOf(sections.image());
      if (image != null) {
        supplement = new DwarfObject(Sections.plain(image), image, debugFiles);
      }
    }
    return supplement;
  }
}
