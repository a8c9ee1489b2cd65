package dropsite.analyze.kernel;

import dropsite.bytes.Bytes;
import dropsite.symbols.MachineCode;
import dropsite.symbols.MachineCode.Stretch;

/**
 * Near calls of x86, 32 and 64 bits (Intel SDM volume 2A, "CALL—Call Procedure"). Prefixes stand
 * before the opcode, so they need no look: REX, segments, and the notrack of indirect calls.
 * Retpolines are direct calls of their thunks.
 */
final class X86Calls implements CallInstruction {
  /** CALL rel32. */
  private static final int DIRECT = 0xe8;

  private static final int DIRECT_BYTES = 5;

  /** Group 5, of which /2 is CALL r/m. */
  private static final int GROUP_5 = 0xff;

  private static final int CALL = 2;
  private static final int LONGEST_INDIRECT_BYTES = 7;

  // Fields of ModR/M and SIB (SDM volume 2A, §2.1.3, tables 2-2 and 2-3).
  private static final int MOD_REGISTER = 3;
  private static final int RM_SIB = 4;
  private static final int RM_DISPLACEMENT = 5;

  private final MachineCode code;

  X86Calls(MachineCode code) {
    this.code = code;
  }

  @Override
  public boolean endsAt(Stretch stretch, long endBytes) {
    return direct(stretch, endBytes) || indirect(stretch.bytes(), endBytes);
  }

  /** What only looks like a call leads anywhere, a call leads to code. */
  private boolean direct(Stretch stretch, long end) {
    Bytes bytes = stretch.bytes();
    if (end < DIRECT_BYTES || bytes.unsignedAt(end - DIRECT_BYTES, 1) != DIRECT) {
      return false;
    }
    int distance = (int) bytes.unsignedAt(end - Integer.BYTES, Integer.BYTES);
    return !code.linked() || code.covers(stretch.linkAddress() + end + distance);
  }

  private static boolean indirect(Bytes bytes, long end) {
    for (int size = 2; size <= LONGEST_INDIRECT_BYTES && size <= end; size++) {
      long start = end - size;
      if (bytes.unsignedAt(start, 1) == GROUP_5) {
        int modRm = (int) bytes.unsignedAt(start + 1, 1);
        int sib = size > 2 ? (int) bytes.unsignedAt(start + 2, 1) : 0;
        if (((modRm >> 3) & 7) == CALL && sizeBytes(modRm, sib) == size) {
          return true;
        }
      }
    }
    return false;
  }

  private static int sizeBytes(int modRm, int sib) {
    int mod = modRm >> 6;
    int rm = modRm & 7;
    if (mod == MOD_REGISTER) {
      return 2;
    }
    boolean hasSib = rm == RM_SIB;
    boolean bare = mod == 0 && (hasSib ? sib & 7 : rm) == RM_DISPLACEMENT;
    int displacement = mod == 1 ? 1 : mod == 2 || bare ? Integer.BYTES : 0;
    return 2 + (hasSib ? 1 : 0) + displacement;
  }
}
