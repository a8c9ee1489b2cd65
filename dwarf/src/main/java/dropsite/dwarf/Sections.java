package dropsite.dwarf;

import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the bytes of each DWARF section come from: an ELF file, its {@code .dwo} sections, or one
 * unit's share of a package file.
 */
final class Sections {
  private final ElfImage image;
  private final boolean split;
  private final Map<Section, Share> shares;
  private final Map<Section, Bytes> loaded = new ConcurrentHashMap<>();

  /** A unit's part of a section of a package file (DWARF 5 §7.3.5.3), in bytes. */
  record Share(long offset, long sizeBytes) {}

  private Sections(ElfImage image, boolean split, Map<Section, Share> shares) {
    this.image = image;
    this.split = split;
    this.shares = shares;
  }

  static Sections plain(ElfImage image) {
    return new Sections(image, false, Map.of());
  }

  static Sections split(ElfImage image) {
    return new Sections(image, true, Map.of());
  }

  /** Returns the same file's sections, cut down to what a package index says is one unit's. */
  Sections withShares(Map<Section, Share> unitShares) {
    return new Sections(image, true, unitShares);
  }

  boolean split() {
    return split;
  }

  ElfImage image() {
    return image;
  }

  /** Returns a section's bytes; without any when the file has no such section. */
  Bytes get(Section section) {
    // Not computeIfAbsent alone: that may lock, and this is asked for every value.
    Bytes known = loaded.get(section);
    return known == null ? loaded.computeIfAbsent(section, this::load) : known;
  }

  private Bytes load(Section section) {
    String name = section.elfName(split);
    Bytes whole = image.debugSection(name).orElseGet(() -> image.bytes().slice(name, 0, 0));
    Share share = shares.get(section);
    return share == null ? whole : whole.slice(name, share.offset(), share.sizeBytes());
  }
}
