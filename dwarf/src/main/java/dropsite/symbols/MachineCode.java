package dropsite.symbols;

import dropsite.bytes.Bytes;
import java.util.List;

/**
 * The instructions of an image, at their link-time addresses.
 *
 * @param machine as ELF numbers machines ({@code e_machine})
 * @param linked whether the targets of calls are filled in; they are not in a relocatable file
 * @param stretches that hold instructions, apart from each other
 */
public record MachineCode(int machine, boolean linked, List<Stretch> stretches) {

  /** Copies the list. */
  public MachineCode {
    stretches = List.copyOf(stretches);
  }

  /**
   * A run of instructions without a gap.
   *
   * @param linkAddress of the first byte
   */
  public record Stretch(long linkAddress, Bytes bytes) {

    /** Returns whether an instruction may stand at a link-time address. */
    public boolean covers(long address) {
      return Long.compareUnsigned(address - linkAddress, bytes.sizeBytes()) < 0;
    }
  }

  /** Returns whether an instruction may stand at a link-time address. */
  public boolean covers(long linkAddress) {
    // Every candidate for a call asks this: no stream.
    for (Stretch stretch : stretches) {
      if (stretch.covers(linkAddress)) {
        return true;
      }
    }
    return false;
  }
}
