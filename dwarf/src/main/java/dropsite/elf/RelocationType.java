package dropsite.elf;

/**
 * What a relocation does to its place, whatever number each machine's psABI gives it.
 *
 * <p>Only what compilers put into debugging sections is here; TLS offsets in location expressions
 * are written as plain values, which no lookup reads.
 */
enum RelocationType {
  NONE(0),
  UNKNOWN(0),
  SET8(1),
  SET16(2),
  ABSOLUTE32(4),
  ABSOLUTE64(8),
  RELATIVE32(4),
  RELATIVE64(8),
  ADD8(1),
  ADD16(2),
  ADD32(4),
  ADD64(8),
  SUB8(1),
  SUB16(2),
  SUB32(4),
  SUB64(8),
  SUB6(1),
  SET6(1),
  SET_ULEB(0),
  SUB_ULEB(0);

  private final int sizeBytes;

  RelocationType(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  boolean leb() {
    return this == SET_ULEB || this == SUB_ULEB;
  }

  static RelocationType of(int machine, int type) {
    if (type == 0) {
      return NONE;
    }
    return switch (machine) {
      case ElfImage.EM_X86_64 -> x8664(type);
      case ElfImage.EM_386 -> i386(type);
      case ElfImage.EM_AARCH64 -> aarch64(type);
      case ElfImage.EM_ARM -> arm(type);
      case ElfImage.EM_S390 -> s390(type);
      case ElfImage.EM_PPC64 -> ppc64(type);
      case ElfImage.EM_RISCV -> riscv(type);
      default -> UNKNOWN;
    };
  }

  private static RelocationType x8664(int type) {
    return switch (type) {
      case 1, 17 -> ABSOLUTE64; // R_X86_64_64, DTPOFF64
      case 10, 11, 21 -> ABSOLUTE32; // 32, 32S, DTPOFF32
      case 12 -> SET16;
      case 14 -> SET8;
      case 2 -> RELATIVE32; // PC32
      case 24 -> RELATIVE64; // PC64
      default -> UNKNOWN;
    };
  }

  private static RelocationType i386(int type) {
    return switch (type) {
      case 1, 32 -> ABSOLUTE32; // R_386_32, TLS_LDO_32
      case 2 -> RELATIVE32; // PC32
      case 20 -> SET16;
      case 22 -> SET8;
      default -> UNKNOWN;
    };
  }

  private static RelocationType aarch64(int type) {
    return switch (type) {
      case 256 -> NONE; // R_AARCH64_NONE as once withdrawn
      case 257, 1029 -> ABSOLUTE64; // ABS64, TLS_DTPREL64
      case 258 -> ABSOLUTE32;
      case 259 -> SET16;
      case 260 -> RELATIVE64;
      case 261 -> RELATIVE32;
      default -> UNKNOWN;
    };
  }

  private static RelocationType arm(int type) {
    return switch (type) {
      case 2, 106 -> ABSOLUTE32; // R_ARM_ABS32, TLS_LDO32
      case 3 -> RELATIVE32;
      case 5 -> SET16;
      case 8 -> SET8;
      default -> UNKNOWN;
    };
  }

  private static RelocationType s390(int type) {
    return switch (type) {
      case 1 -> SET8;
      case 3 -> SET16;
      case 4, 52 -> ABSOLUTE32; // R_390_32, TLS_LDO32
      case 5 -> RELATIVE32;
      case 22, 53 -> ABSOLUTE64; // R_390_64, TLS_LDO64
      case 23 -> RELATIVE64;
      default -> UNKNOWN;
    };
  }

  private static RelocationType ppc64(int type) {
    return switch (type) {
      case 1 -> ABSOLUTE32; // R_PPC64_ADDR32
      case 3 -> SET16;
      case 26 -> RELATIVE32;
      case 38, 43, 78 -> ABSOLUTE64; // ADDR64, UADDR64, DTPREL64
      case 44 -> RELATIVE64;
      case 51 -> NONE; // TOC, the second word of a function descriptor, which nobody here reads
      default -> UNKNOWN;
    };
  }

  private static RelocationType riscv(int type) {
    return switch (type) {
      case 1, 8, 56 -> ABSOLUTE32; // R_RISCV_32, TLS_DTPREL32, SET32
      case 2, 9 -> ABSOLUTE64; // 64, TLS_DTPREL64
      case 33 -> ADD8;
      case 34 -> ADD16;
      case 35 -> ADD32;
      case 36 -> ADD64;
      case 37 -> SUB8;
      case 38 -> SUB16;
      case 39 -> SUB32;
      case 40 -> SUB64;
      case 43, 51 -> NONE; // ALIGN, RELAX: hints for the linker
      case 52 -> SUB6;
      case 53 -> SET6;
      case 54 -> SET8;
      case 55 -> SET16;
      case 57 -> RELATIVE32;
      case 60 -> SET_ULEB;
      case 61 -> SUB_ULEB;
      default -> UNKNOWN;
    };
  }
}
