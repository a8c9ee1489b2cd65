package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The debugging information of one file: its units, found by offset, and the files it leans on
 * (dwz's supplementary file, split units).
 */
final class DwarfObject {
  /** Units that were asked least recently are forgotten beyond this much heap. */
  private static final long MAX_CACHE_BYTES =
      Math.min(96L << 20, Runtime.getRuntime().maxMemory() / 4);

  /** A few of the largest units for each thread. */
  private static final long MAX_PASSING_BYTES = 4 << 20;

  private final Sections sections;
  private final ElfImage addressSpace;
  private final DebugFiles debugFiles;
  private final Map<Long, Unit> units = new ConcurrentHashMap<>();
  private long weightBytes;
  private long cacheBytes = MAX_CACHE_BYTES;

  /** Counts how often something was added to a unit, to tell old uses from new. */
  private volatile long uses;

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
  Unit unitAt(long offset) {
    Unit known = units.get(offset);
    return known == null ? units.computeIfAbsent(offset, this::read) : known;
  }

  /** Returns the units that have been read and not forgotten since, those asked last first. */
  List<Unit> knownUnits() {
    return byUse().reversed().stream().map(Aged::unit).toList();
  }

  private Unit read(long offset) {
    ByteCursor cursor = sections.get(Section.INFO).cursor(offset);
    return new Unit(this, sections, Section.INFO, UnitHeader.read(cursor, false), null);
  }

  /** Notes what a unit has come to weigh, and forgets others when all weigh too much. */
  void used(Unit unit) {
    unit.lastUse = uses;
    long weight = unit.weightBytes();
    if (weight != unit.notedWeightBytes) {
      note(unit, weight);
    }
  }

  /** A unit and when it was asked last: read once, since other threads go on using units. */
  private record Aged(Unit unit, long lastUse) {}

  private List<Aged> byUse() {
    List<Aged> oldestFirst = new ArrayList<>();
    units.values().forEach(unit -> oldestFirst.add(new Aged(unit, unit.lastUse)));
    oldestFirst.sort(Comparator.comparingLong(Aged::lastUse));
    return oldestFirst;
  }

  /**
   * Sets how much is kept from now on.
   *
   * @param passing whether questions come in the order of addresses, so that what has been asked
   *     will not be asked again: what is kept must not live long enough to be moved about
   */
  synchronized void expect(boolean passing) {
    cacheBytes = passing ? Math.min(MAX_PASSING_BYTES, MAX_CACHE_BYTES) : MAX_CACHE_BYTES;
  }

  /** Forgets a unit that nobody will ask for again. */
  synchronized void forget(long offset) {
    Unit unit = units.remove(offset);
    if (unit != null) {
      weightBytes -= unit.notedWeightBytes;
      unit.notedWeightBytes = 0;
    }
  }

  private synchronized void note(Unit unit, long weight) {
    if (units.get(unit.header().offset()) != unit) {
      return;
    }
    uses++;
    unit.lastUse = uses;
    weightBytes += weight - unit.notedWeightBytes;
    unit.notedWeightBytes = weight;
    if (weightBytes > cacheBytes) {
      forgetOldest(unit);
    }
  }

  /** Forgets units until a quarter of the room is free, so that this is seldom done. */
  private void forgetOldest(Unit except) {
    for (Aged aged : byUse()) {
      Unit unit = aged.unit;
      if (weightBytes <= cacheBytes * 3 / 4) {
        return;
      }
      if (unit != except) {
        units.remove(unit.header().offset());
        weightBytes -= unit.notedWeightBytes;
        unit.notedWeightBytes = 0;
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
    int at = Arrays.binarySearch(offsets, offset);
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
