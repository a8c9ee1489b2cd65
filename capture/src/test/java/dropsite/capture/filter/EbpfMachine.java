package dropsite.capture.filter;

import java.util.Arrays;
import java.util.List;

/**
 * Runs the part of eBPF that filters are translated to, by RFC 9669 and apart from the translator's
 * own constants, as strictly as a verifier: what is read must have been written, and loads must lie
 * in the packet's room or on the frame.
 */
final class EbpfMachine {
  private static final long PACKET = 0x1000_0000_0000L;
  private static final long FRAME_END = 0x2000_0000_0000L;
  private static final int ROOM = 2048;
  private static final int FRAME = 64;

  private final byte[] packet = new byte[ROOM];
  private final byte[] frame = new byte[FRAME];
  private final boolean[] frameWritten = new boolean[FRAME];
  private final long[] registers = new long[11];
  private final boolean[] written = new boolean[11];

  private EbpfMachine(byte[] bytes, int originalBytes) {
    // What lies behind the captured bytes is of an earlier packet.
    Arrays.fill(packet, (byte) 0xa5);
    System.arraycopy(bytes, 0, packet, 0, bytes.length);
    set(0, 1);
    set(1, PACKET);
    set(2, bytes.length);
    set(3, originalBytes);
    set(10, FRAME_END);
  }

  /** Returns the low half of r0 when the code has run off its end. */
  static int run(List<EbpfInstruction> code, byte[] bytes, int originalBytes) {
    return (int) new EbpfMachine(bytes, originalBytes).run(code);
  }

  private long run(List<EbpfInstruction> code) {
    int at = 0;
    while (at < code.size()) {
      EbpfInstruction now = code.get(at);
      at += 1 + step(now);
      if (at < 0 || at > code.size()) {
        throw new IllegalStateException("jumps to " + at);
      }
    }
    return get(0);
  }

  /** Returns how many instructions to skip. */
  private int step(EbpfInstruction now) {
    int operation = now.code() & 0xf0;
    boolean register = (now.code() & 0x08) != 0;
    switch (now.code() & 0x07) {
      case 0x01 -> set(now.target(), load(get(now.source()) + now.offset(), size(now.code())));
      case 0x02 -> store(get(now.target()) + now.offset(), now.immediate());
      case 0x03 -> store(get(now.target()) + now.offset(), (int) get(now.source()));
      case 0x04 -> set(now.target(), Integer.toUnsignedLong(word(now, operation, register)));
      case 0x07 -> {
        long operand = register ? get(now.source()) : now.immediate();
        if (operation != 0x00) {
          throw new IllegalStateException("64-bit operation " + operation);
        }
        set(now.target(), get(now.target()) + operand);
      }
      case 0x05 -> {
        long operand = register ? get(now.source()) : now.immediate();
        boolean taken = operation == 0x00 || holds(operation, get(now.target()), operand);
        return taken ? now.offset() : 0;
      }
      case 0x06 -> {
        long operand = register ? get(now.source()) : now.immediate();
        boolean taken = holds(operation, get(now.target()) & 0xffff_ffffL, operand & 0xffff_ffffL);
        return taken ? now.offset() : 0;
      }
      default -> throw new IllegalStateException("class of " + now);
    }
    return 0;
  }

  private static boolean holds(int operation, long left, long right) {
    int compared = Long.compareUnsigned(left, right);
    return switch (operation) {
      case 0x10 -> compared == 0;
      case 0x20 -> compared > 0;
      case 0x30 -> compared >= 0;
      case 0x40 -> (left & right) != 0;
      case 0x50 -> compared != 0;
      case 0xa0 -> compared < 0;
      case 0xb0 -> compared <= 0;
      default -> throw new IllegalStateException("comparison " + operation);
    };
  }

  private int word(EbpfInstruction now, int operation, boolean register) {
    if (operation == 0xb0) {
      return register ? (int) get(now.source()) : now.immediate();
    }
    int left = (int) get(now.target());
    if (operation == 0xd0) {
      // As on a machine that begins with the lowest byte.
      return now.immediate() == 16
          ? Short.toUnsignedInt(Short.reverseBytes((short) left))
          : Integer.reverseBytes(left);
    }
    int right = register ? (int) get(now.source()) : now.immediate();
    return switch (operation) {
      case 0x00 -> left + right;
      case 0x10 -> left - right;
      case 0x20 -> left * right;
      case 0x30 -> right == 0 ? 0 : Integer.divideUnsigned(left, right);
      case 0x40 -> left | right;
      case 0x50 -> left & right;
      case 0x60 -> left << right;
      case 0x70 -> left >>> right;
      case 0x80 -> -left;
      case 0x90 -> right == 0 ? left : Integer.remainderUnsigned(left, right);
      case 0xa0 -> left ^ right;
      default -> throw new IllegalStateException("operation " + operation);
    };
  }

  private static int size(int code) {
    return switch (code & 0x18) {
      case 0x00 -> 4;
      case 0x08 -> 2;
      case 0x10 -> 1;
      default -> throw new IllegalStateException("size of " + code);
    };
  }

  private long load(long address, int sizeBytes) {
    boolean fromPacket = address >= PACKET && address + sizeBytes <= PACKET + ROOM;
    if (!fromPacket && (address < FRAME_END - FRAME || address + sizeBytes > FRAME_END)) {
      throw new IllegalStateException("loads from 0x" + Long.toHexString(address));
    }
    long value = 0;
    for (int i = sizeBytes - 1; i >= 0; i--) {
      int at = (int) (fromPacket ? address - PACKET : address - FRAME_END + FRAME) + i;
      if (!fromPacket && !frameWritten[at]) {
        throw new IllegalStateException("loads what was not stored");
      }
      value = (value << 8) | ((fromPacket ? packet[at] : frame[at]) & 0xff);
    }
    return value;
  }

  private void store(long address, int value) {
    if (address < FRAME_END - FRAME || address + 4 > FRAME_END || address % 4 != 0) {
      throw new IllegalStateException("stores to 0x" + Long.toHexString(address));
    }
    for (int i = 0; i < 4; i++) {
      int at = (int) (address - FRAME_END + FRAME) + i;
      frame[at] = (byte) (value >>> (8 * i));
      frameWritten[at] = true;
    }
  }

  private long get(int register) {
    if (!written[register]) {
      throw new IllegalStateException("reads r" + register + " before it is written");
    }
    return registers[register];
  }

  private void set(int register, long value) {
    registers[register] = value;
    written[register] = true;
  }
}
