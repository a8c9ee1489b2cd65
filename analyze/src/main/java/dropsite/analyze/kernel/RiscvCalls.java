package dropsite.analyze.kernel;

import dropsite.bytes.Bytes;
import dropsite.symbols.MachineCode.Stretch;

/**
 * Calls of RISC-V that leave the return address in {@code ra}: JAL and JALR (Unprivileged ISA,
 * §2.5.1), and C.JALR (§16.4). Instructions are little-endian (§1.5).
 */
final class RiscvCalls implements CallInstruction {

  @Override
  public boolean endsAt(Stretch stretch, long endBytes) {
    Bytes bytes = stretch.bytes();
    if (endBytes < Short.BYTES || endBytes % Short.BYTES != 0) {
      return false;
    }
    int half = half(bytes, endBytes - Short.BYTES);
    // rs1 is not x0, which would make it C.EBREAK.
    if ((half & 0xf07f) == 0x9002 && (half & 0x0f80) != 0) {
      return true;
    }
    if (endBytes < Integer.BYTES) {
      return false;
    }
    int word = half << Short.SIZE | half(bytes, endBytes - Integer.BYTES);
    return (word & 0xfff) == 0x0ef || (word & 0x7fff) == 0x00e7;
  }

  private static int half(Bytes bytes, long offset) {
    return (int) (bytes.unsignedAt(offset, 1) | bytes.unsignedAt(offset + 1, 1) << Byte.SIZE);
  }
}
