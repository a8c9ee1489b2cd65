package dropsite.analyze.kernel;

import dropsite.bytes.Bytes;
import dropsite.symbols.MachineCode.Stretch;

/**
 * Calls of z/Architecture that leave the return address in register 14, as the ELF ABI has it:
 * BASR, BRAS, BAS and BRASL (Principles of Operation, SA22-7832, chapter 7, "Branch and Save" and
 * "Branch Relative and Save"). Calls through thunks against speculation are BRASL.
 */
final class S390xCalls implements CallInstruction {
  private static final int RETURN_REGISTER = 14;

  @Override
  public boolean endsAt(Stretch stretch, long endBytes) {
    Bytes bytes = stretch.bytes();
    if (endBytes % Short.BYTES != 0) {
      return false;
    }
    return basr(bytes, endBytes - 2) || branch(bytes, endBytes - 4) || brasl(bytes, endBytes - 6);
  }

  /** BASR R1,R2: without a second register it does not branch. */
  private static boolean basr(Bytes bytes, long start) {
    return start >= 0
        && bytes.unsignedAt(start, 1) == 0x0d
        && bytes.unsignedAt(start + 1, 1) >> 4 == RETURN_REGISTER
        && (bytes.unsignedAt(start + 1, 1) & 0xf) != 0;
  }

  /** BAS R1,D2(X2,B2) and BRAS R1,RI2. */
  private static boolean branch(Bytes bytes, long start) {
    if (start < 0) {
      return false;
    }
    long opcode = bytes.unsignedAt(start, 1);
    long second = bytes.unsignedAt(start + 1, 1);
    return second >> 4 == RETURN_REGISTER
        && (opcode == 0x4d || (opcode == 0xa7 && (second & 0xf) == 5));
  }

  private static boolean brasl(Bytes bytes, long start) {
    return start >= 0 && bytes.unsignedAt(start, 2) == (0xc005 | RETURN_REGISTER << 4);
  }
}
