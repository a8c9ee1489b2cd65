package dropsite.analyze.stack;

import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.MachineCode;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a recorded call's instruction where it leads to: its name may be that of several
 * functions.
 */
final class CallTarget {
  private static final int X86_CALL = 0xe8;
  private static final int X86_JUMP = 0xe9;
  private static final int X86_BYTES = 5;
  private static final int ARM64_BYTES = 4;

  private CallTarget() {}

  /**
   * Returns where a direct call or jump leads to; null when the file does not have its instruction,
   * or it is of a machine that we do not know.
   *
   * @param returnAddress the address behind the instruction
   */
  static @Nullable Long before(DebugSymbols file, long returnAddress) {
    MachineCode code = file.code().orElse(null);
    if (code == null || !code.linked()) {
      return null;
    }
    for (MachineCode.Stretch stretch : code.stretches()) {
      long end = returnAddress - stretch.linkAddress();
      if (stretch.covers(returnAddress - 1) && end >= X86_BYTES) {
        return switch (code.machine()) {
          case ElfImage.EM_X86_64, ElfImage.EM_386 -> x86(stretch.bytes(), end, returnAddress);
          case ElfImage.EM_AARCH64 -> arm64(stretch.bytes(), end, returnAddress);
          default -> null;
        };
      }
    }
    return null;
  }

  private static @Nullable Long x86(Bytes bytes, long end, long returnAddress) {
    long operation = bytes.unsignedAt(end - X86_BYTES, 1);
    return operation == X86_CALL || operation == X86_JUMP
        ? Long.valueOf(returnAddress + (int) bytes.unsignedAt(end - X86_BYTES + 1, Integer.BYTES))
        : null;
  }

  /** Arm Architecture Reference Manual: B and BL, a distance of 26 bits in words. */
  private static @Nullable Long arm64(Bytes bytes, long end, long returnAddress) {
    long word = bytes.unsignedAt(end - ARM64_BYTES, ARM64_BYTES);
    return (word >>> 26 & 0x1f) == 5
        ? Long.valueOf(returnAddress - ARM64_BYTES + (word << 38 >> 36))
        : null;
  }
}
