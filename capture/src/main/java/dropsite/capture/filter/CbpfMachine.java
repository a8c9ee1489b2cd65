package dropsite.capture.filter;

/** Runs classic BPF on one packet. */
final class CbpfMachine {
  private final byte[] packet;
  private final int[] memory = new int[Cbpf.MEMORY_WORDS];
  private int a;
  private int x;
  private boolean beyond;

  private CbpfMachine(byte[] packet) {
    this.packet = packet;
  }

  /** Returns what the program returns; 0 when it reads beyond the packet or divides by zero. */
  static int run(CbpfProgram program, byte[] packet, int originalBytes) {
    return new CbpfMachine(packet).run(program, originalBytes);
  }

  private int run(CbpfProgram program, int originalBytes) {
    // A checked program jumps only forward and ends by a return, so this ends.
    for (int at = 0; ; at++) {
      CbpfInstruction now = program.instructions().get(at);
      int code = now.code();
      int k = now.k();
      switch (code & Cbpf.CLASS_MASK) {
        case Cbpf.LD -> a = load(code, k, originalBytes);
        case Cbpf.LDX ->
            x =
                (code & Cbpf.MODE_MASK) == Cbpf.MSH
                    ? (packet(Integer.toUnsignedLong(k), 1) & 0xf) * 4
                    : load(code, k, originalBytes);
        case Cbpf.ST -> memory[k] = a;
        case Cbpf.STX -> memory[k] = x;
        case Cbpf.ALU -> a = calculate(code, (code & Cbpf.X) != 0 ? x : k);
        case Cbpf.JMP -> at += jump(now);
        case Cbpf.RET -> {
          return (code & Cbpf.RETURN_MASK) == Cbpf.RETURN_A ? a : k;
        }
        default -> {
          if ((code & Cbpf.MISC_MASK) == Cbpf.TAX) {
            x = a;
          } else {
            a = x;
          }
        }
      }
      if (beyond) {
        return 0;
      }
    }
  }

  private int load(int code, int k, int originalBytes) {
    return switch (code & Cbpf.MODE_MASK) {
      case Cbpf.IMM -> k;
      case Cbpf.LEN -> originalBytes;
      case Cbpf.MEM -> memory[k];
      case Cbpf.ABS -> packet(Integer.toUnsignedLong(k), Cbpf.sizeBytes(code));
      default ->
          packet(Integer.toUnsignedLong(x) + Integer.toUnsignedLong(k), Cbpf.sizeBytes(code));
    };
  }

  private int packet(long offset, int sizeBytes) {
    if (offset + sizeBytes > packet.length) {
      beyond = true;
      return 0;
    }
    int value = 0;
    for (int i = 0; i < sizeBytes; i++) {
      value = (value << Byte.SIZE) | (packet[(int) offset + i] & 0xff);
    }
    return value;
  }

  private int calculate(int code, int operand) {
    int operation = code & Cbpf.OPERATION_MASK;
    if ((operation == Cbpf.DIV || operation == Cbpf.MOD) && operand == 0) {
      beyond = true;
      return 0;
    }
    boolean shiftedAway = Integer.compareUnsigned(operand, Integer.SIZE) >= 0;
    return switch (operation) {
      case Cbpf.ADD -> a + operand;
      case Cbpf.SUB -> a - operand;
      case Cbpf.MUL -> a * operand;
      case Cbpf.DIV -> Integer.divideUnsigned(a, operand);
      case Cbpf.MOD -> Integer.remainderUnsigned(a, operand);
      case Cbpf.OR -> a | operand;
      case Cbpf.AND -> a & operand;
      case Cbpf.XOR -> a ^ operand;
      case Cbpf.LSH -> shiftedAway ? 0 : a << operand;
      case Cbpf.RSH -> shiftedAway ? 0 : a >>> operand;
      case Cbpf.NEG -> -a;
      default -> throw new IllegalStateException("checked programs have no operation " + operation);
    };
  }

  private int jump(CbpfInstruction now) {
    int operand = (now.code() & Cbpf.X) != 0 ? x : now.k();
    int compared = Integer.compareUnsigned(a, operand);
    return switch (now.code() & Cbpf.OPERATION_MASK) {
      case Cbpf.JA -> now.k();
      case Cbpf.JEQ -> compared == 0 ? now.jumpTrue() : now.jumpFalse();
      case Cbpf.JGT -> compared > 0 ? now.jumpTrue() : now.jumpFalse();
      case Cbpf.JGE -> compared >= 0 ? now.jumpTrue() : now.jumpFalse();
      default -> (a & operand) != 0 ? now.jumpTrue() : now.jumpFalse();
    };
  }
}
