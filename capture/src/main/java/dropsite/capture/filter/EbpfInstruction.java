package dropsite.capture.filter;

import java.nio.ByteOrder;

/**
 * One instruction of eBPF (struct bpf_insn of linux/bpf.h; RFC 9669 §3).
 *
 * @param code class, size or operation, mode or source
 * @param target register
 * @param source register
 * @param offset signed, 16 bits
 * @param immediate operand
 */
record EbpfInstruction(int code, int target, int source, int offset, int immediate) {
  /** Checks what the encoding has room for. */
  EbpfInstruction {
    if (offset != (short) offset) {
      throw new IllegalArgumentException("an offset of " + offset);
    }
  }

  /** Returns it as a machine of that byte order reads it from memory as one number. */
  long encoded(ByteOrder order) {
    long place = offset & 0xffffL;
    long operand = Integer.toUnsignedLong(immediate);
    return order == ByteOrder.LITTLE_ENDIAN
        ? (operand << 32) | (place << 16) | ((long) source << 12) | ((long) target << 8) | code
        : ((long) code << 56)
            | ((long) target << 52)
            | ((long) source << 48)
            | (place << 32)
            | operand;
  }
}
