package dropsite.dwarf;

import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the split unit that a skeleton stands for (DWARF 5 §3.1.3, and GNU's form of it before): in
 * the package file beside the image, else in the .dwo file that the skeleton names.
 */
final class SplitUnits {
  private SplitUnits() {}

  /** Returns empty when a unit is no skeleton, or its split unit cannot be found. */
  static Optional<Unit> find(Unit unit) {
    String name = unit.rootString(Dw.AT_DWO_NAME);
    if (name == null) {
      name = unit.rootString(Dw.AT_GNU_DWO_NAME);
    }
    if (name == null || unit.sections().split()) {
      return Optional.empty();
    }
    long id = id(unit);
    DebugFiles files = unit.object().debugFiles();
    ElfImage packaged = files.packageFile();
    if (packaged != null) {
      Unit found = inPackage(unit, packaged, id);
      if (found != null) {
        return Optional.of(found);
      }
    }
    ElfImage image = files.splitFile(name, unit.rootString(Dw.AT_COMP_DIR));
    if (image == null) {
      return Optional.empty();
    }
    Unit found = inSections(unit, Sections.split(image), id);
    if (found == null) {
      files.noteMissing(
          image.file()
              + " has no split unit 0x"
              + Long.toHexString(id)
              + ": it is of another build");
    }
    return Optional.ofNullable(found);
  }

  private static long id(Unit unit) {
    return unit.header().encoding().version() >= 5 ? unit.header().signature() : rootId(unit);
  }

  private static long rootId(Unit unit) {
    Die.Value value = unit.root().value(Dw.AT_GNU_DWO_ID);
    return value == null ? 0 : value.raw();
  }

  private static @Nullable Unit inPackage(Unit skeleton, ElfImage packaged, long id) {
    Sections whole = Sections.split(packaged);
    return PackageIndex.read(whole.get(Section.CU_INDEX))
        .shares(id)
        .map(shares -> inSections(skeleton, whole.withShares(shares), id))
        .orElse(null);
  }

  private static @Nullable Unit inSections(Unit skeleton, Sections sections, long id) {
    DwarfObject object =
        new DwarfObject(sections, skeleton.object().addressSpace(), skeleton.object().debugFiles());
    Bytes info = sections.get(Section.INFO);
    for (long offset : object.unitOffsets()) {
      UnitHeader header = UnitHeader.read(info.cursor(offset), false);
      if (header.isType()) {
        continue;
      }
      Unit unit = new Unit(object, sections, Section.INFO, header, skeleton);
      if (id(unit) == id) {
        return unit;
      }
    }
    return null;
  }
}
