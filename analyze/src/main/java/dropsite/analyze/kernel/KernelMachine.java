package dropsite.analyze.kernel;

import dropsite.elf.ElfImage;
import dropsite.symbols.MachineCode;
import java.util.Optional;

/** The processors whose kernels are moved when they boot, and how. */
enum KernelMachine {
  /** CONFIG_PHYSICAL_ALIGN is at least 2 MiB (arch/x86/Kconfig). */
  X86_64(ElfImage.EM_X86_64, 1 << 21),
  /** CONFIG_PHYSICAL_ALIGN is at least 8 KiB. */
  I386(ElfImage.EM_386, 1 << 13),
  /** By 2 MiB, and by where the loader put it: EFI_KIMG_ALIGN (arch/arm64/include/asm/efi.h). */
  ARM64(ElfImage.EM_AARCH64, 1 << 16),
  /** By PMD_SIZE (arch/riscv/mm/init.c). */
  RISCV(ElfImage.EM_RISCV, 1 << 21),
  /** By THREAD_SIZE, the least that it has been (arch/s390/boot/kaslr.c). */
  S390X(ElfImage.EM_S390, 1 << 14);

  /** Run-time addresses of x86-64 with nothing but the kernel itself: __START_KERNEL_map. */
  private static final long X86_64_START = 0xffffffff80000000L;

  /** KERNEL_IMAGE_SIZE where the kernel is moved (arch/x86/include/asm/page_64_types.h). */
  private static final long X86_64_BYTES = 1L << 30;

  /** MODULES_END (arch/x86/include/asm/pgtable_64_types.h). */
  private static final long X86_64_MODULES_END = 0xffffffffff000000L;

  /** The least PAGE_OFFSET that there is: CONFIG_VMSPLIT_1G (arch/x86/Kconfig). */
  private static final long I386_START = 0x40000000L;

  /** _REGION1_SHIFT, the end of the kernel's address space (arch/s390/include/asm/pgtable.h). */
  private static final int S390X_BITS = 53;

  private final int elfMachine;
  private final long stepBytes;

  KernelMachine(int elfMachine, long stepBytes) {
    this.elfMachine = elfMachine;
    this.stepBytes = stepBytes;
  }

  static Optional<KernelMachine> of(MachineCode code) {
    for (KernelMachine machine : values()) {
      if (machine.elfMachine == code.machine()) {
        return Optional.of(machine);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the machine that links its kernel where this one is linked, for files that do not name
   * theirs. What 64-bit RISC-V and x86-64 differ in does not matter without instructions.
   */
  static Optional<KernelMachine> linkedAt(long textAddress) {
    if (isInLast4Gib(textAddress)) {
      return Optional.of(X86_64);
    }
    // PAGE_OFFSET of arm64 with 48 or 52 bits, and the modules' area behind it.
    return textAddress >>> 52 == 0xfff ? Optional.of(ARM64) : Optional.empty();
  }

  /** Returns the distances that kernels are moved by are multiples of this, a power of two. */
  long stepBytes() {
    return stepBytes;
  }

  CallInstruction calls(MachineCode code) {
    return switch (this) {
      case X86_64, I386 -> new X86Calls(code);
      case ARM64 -> new Arm64Calls();
      case RISCV -> new RiscvCalls();
      case S390X -> new S390xCalls();
    };
  }

  /** Returns whether the kernel may be moved by this much. */
  boolean allows(long slideBytes) {
    return this != X86_64 || (slideBytes >= 0 && slideBytes < X86_64_BYTES);
  }

  private static boolean isInLast4Gib(long address) {
    return address >>> Integer.SIZE == 0xffffffffL;
  }

  /** Returns whether the code of a kernel may be at a run-time address. */
  boolean mayHoldKernel(long runtimeAddress) {
    return switch (this) {
      case X86_64 -> Long.compareUnsigned(runtimeAddress - X86_64_START, X86_64_BYTES) < 0;
      // At the very end it has other things (VMEMMAP_START, arch/arm64/include/asm/memory.h).
      case ARM64 -> runtimeAddress >>> 52 == 0xfff && !isInLast4Gib(runtimeAddress);
      case I386 -> runtimeAddress >= I386_START && runtimeAddress >>> Integer.SIZE == 0;
      case RISCV -> runtimeAddress < 0 || runtimeAddress >>> Integer.SIZE == 0;
      case S390X -> runtimeAddress >>> S390X_BITS == 0;
    };
  }

  /** Returns whether nothing but modules and code made at run time is at a run-time address. */
  boolean mayHoldModule(long runtimeAddress) {
    return this == X86_64
        && Long.compareUnsigned(runtimeAddress, X86_64_START + X86_64_BYTES) >= 0
        && Long.compareUnsigned(runtimeAddress, X86_64_MODULES_END) < 0;
  }

  /** Returns whether nothing else can be where {@link #mayHoldKernel} says the kernel may be. */
  boolean keepsKernelApart() {
    return this == X86_64;
  }
}
