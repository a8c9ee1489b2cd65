package dropsite.elf;

import dropsite.bytes.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The {@code .opd} section of 64-bit PowerPC's ELFv1 ABI: function symbols point at a descriptor
 * there, whose first word is the address of the code.
 */
final class FunctionDescriptors {
  private final Bytes contents;
  private final ElfSection section;

  private FunctionDescriptors(Bytes contents, ElfSection section) {
    this.contents = contents;
    this.section = section;
  }

  /** Returns the descriptors of an image, or empty when its functions have none. */
  static Optional<FunctionDescriptors> of(ElfImage image) {
    return image.machine() == ElfImage.EM_PPC64
        ? image.section(".opd").map(section -> read(image, section))
        : Optional.empty();
  }

  private static FunctionDescriptors read(ElfImage image, ElfSection section) {
    Bytes stored = image.contents(section);
    if (!image.relocatable()) {
      return new FunctionDescriptors(stored, section);
    }
    MemorySegment copy = Arena.ofAuto().allocate(stored.sizeBytes()).copyFrom(stored.memory());
    Bytes relocated = new Bytes(image.file(), section.name(), copy, stored.bigEndian());
    new Relocator(image).apply(section, relocated);
    return new FunctionDescriptors(relocated, section);
  }

  /**
   * Returns the address of the code of a descriptor.
   *
   * @param offset of the descriptor, in bytes from the start of {@code .opd}
   * @return empty when no descriptor lies there
   */
  OptionalLong entryPoint(long offset) {
    return offset < 0 || offset > contents.sizeBytes() - 8
        ? OptionalLong.empty()
        : OptionalLong.of(contents.unsignedAt(offset, 8));
  }

  /** Returns the section table's entry of {@code .opd}. */
  ElfSection section() {
    return section;
  }
}
