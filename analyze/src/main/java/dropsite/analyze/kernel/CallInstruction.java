package dropsite.analyze.kernel;

import dropsite.symbols.MachineCode.Stretch;

/** Knows the calls of one processor by their bytes. */
interface CallInstruction {

  /**
   * Returns whether a call that leaves a return address ends at a place: whether that place may be
   * a return address.
   *
   * @param endBytes offset into the stretch of the byte behind the instruction, from 1 to its size
   */
  boolean endsAt(Stretch stretch, long endBytes);
}
