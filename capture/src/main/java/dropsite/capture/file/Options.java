package dropsite.capture.file;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;

/** The options at the end of a block, one after another. */
final class Options {
  private final ByteCursor in;
  private int code;
  private long start;
  private int length;
  private long next;

  /**
   * @param block whole
   * @param first where in it the options begin
   */
  Options(Bytes block, long first) {
    this.in = new ByteCursor(block, first, block.sizeBytes() - Integer.BYTES);
    this.next = first;
  }

  /** Moves to the next option, if there is one. */
  boolean next() {
    if (next >= in.limit()) {
      return false;
    }
    in.seek(next);
    code = in.u16();
    length = in.u16();
    start = in.position();
    if (code == Format.OPTION_END) {
      next = in.limit();
      return false;
    }
    if (length > in.remaining()) {
      throw in.malformed("option " + code + " of " + length + " bytes does not fit");
    }
    next = start + (length + 3) / 4 * 4L;
    return true;
  }

  int code() {
    return code;
  }

  int length() {
    return length;
  }

  /** Returns where in the block its value begins. */
  long start() {
    return start;
  }

  /** Returns where in the block its value ends. */
  long end() {
    return start + length;
  }
}
