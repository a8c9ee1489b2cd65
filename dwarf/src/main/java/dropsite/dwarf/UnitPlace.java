package dropsite.dwarf;

import dropsite.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A unit of a file, not yet read: what searches through all units go by.
 *
 * @param home section that it lies in
 */
record UnitPlace(Section home, UnitHeader header) {
  /** Returns all units, type units too, in file order. */
  static List<UnitPlace> all(DwarfObject object) {
    List<UnitPlace> places = new ArrayList<>();
    for (Section home : new Section[] {Section.INFO, Section.TYPES}) {
      Bytes section = object.sections().get(home);
      long offset = 0;
      while (offset < section.sizeBytes()) {
        UnitHeader header = UnitHeader.read(section.cursor(offset), home == Section.TYPES);
        places.add(new UnitPlace(home, header));
        offset = header.end();
      }
    }
    return places;
  }

  /** Reads it, for one search: nothing of it is kept. */
  Unit unit(DwarfObject object) {
    return new Unit(object, object.sections(), home, header, null).withDies();
  }
}
