package dropsite.analyze.kernel;

import dropsite.bytes.Bytes;
import dropsite.symbols.MachineCode.Stretch;

/**
 * Calls of A64: BL, BLR, and BLRAA, BLRAAZ, BLRAB, BLRABZ (Arm ARM, DDI 0487, C6.2). Instructions
 * are little-endian whatever the order of data (B2.6.2).
 */
final class Arm64Calls implements CallInstruction {

  @Override
  public boolean endsAt(Stretch stretch, long endBytes) {
    if (endBytes < Integer.BYTES || endBytes % Integer.BYTES != 0) {
      return false;
    }
    Bytes bytes = stretch.bytes();
    int stored = (int) bytes.unsignedAt(endBytes - Integer.BYTES, Integer.BYTES);
    int word = bytes.bigEndian() ? Integer.reverseBytes(stored) : stored;
    return (word & 0xfc000000) == 0x94000000
        || (word & 0xfffffc1f) == 0xd63f0000
        || (word & 0xfefff800) == 0xd63f0800;
  }
}
