package dropsite.capture.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * A filter in classic BPF, checked as the kernel checks one: it only jumps forward, stays inside
 * itself, and ends by a return. So it always ends.
 *
 * @param instructions in order
 */
public record CbpfProgram(List<CbpfInstruction> instructions) {
  /** BPF_MAXINSNS of linux/bpf_common.h. */
  private static final int MOST_INSTRUCTIONS = 4096;

  /** Checks the program. */
  public CbpfProgram {
    instructions = List.copyOf(instructions);
    if (instructions.isEmpty() || instructions.size() > MOST_INSTRUCTIONS) {
      throw new IllegalArgumentException("it has " + instructions.size() + " instructions");
    }
    for (int at = 0; at < instructions.size(); at++) {
      check(instructions.get(at), instructions.size() - at - 1);
    }
    if ((instructions.getLast().code() & Cbpf.CLASS_MASK) != Cbpf.RET) {
      throw new IllegalArgumentException("it does not end by a return");
    }
  }

  /**
   * @param after how many instructions follow
   */
  private static void check(CbpfInstruction each, int after) {
    int code = each.code();
    int mode = code & Cbpf.MODE_MASK;
    boolean known =
        switch (code & Cbpf.CLASS_MASK) {
          case Cbpf.LD ->
              switch (mode) {
                case Cbpf.ABS, Cbpf.IND -> (code & Cbpf.SIZE_MASK) != Cbpf.SIZE_MASK;
                case Cbpf.IMM, Cbpf.LEN, Cbpf.MEM -> (code & Cbpf.SIZE_MASK) == Cbpf.W;
                default -> false;
              };
          case Cbpf.LDX ->
              switch (mode) {
                case Cbpf.IMM, Cbpf.LEN, Cbpf.MEM -> (code & Cbpf.SIZE_MASK) == Cbpf.W;
                case Cbpf.MSH -> (code & Cbpf.SIZE_MASK) == Cbpf.B;
                default -> false;
              };
          case Cbpf.ST, Cbpf.STX -> (code & ~Cbpf.CLASS_MASK) == 0;
          case Cbpf.ALU -> (code & Cbpf.OPERATION_MASK) <= Cbpf.XOR;
          case Cbpf.JMP -> (code & Cbpf.OPERATION_MASK) <= Cbpf.JSET;
          case Cbpf.RET ->
              (code & Cbpf.RETURN_MASK) == Cbpf.RETURN_K
                  || (code & Cbpf.RETURN_MASK) == Cbpf.RETURN_A;
          default -> (code & Cbpf.MISC_MASK) == Cbpf.TAX || (code & Cbpf.MISC_MASK) == Cbpf.TXA;
        };
    if (!known || code >>> Byte.SIZE != 0) {
      throw new IllegalArgumentException("instruction 0x%x is not known".formatted(code));
    }
    checkOperand(each, after);
  }

  private static void checkOperand(CbpfInstruction each, int after) {
    int code = each.code();
    int kind = code & Cbpf.CLASS_MASK;
    boolean memory =
        kind == Cbpf.ST
            || kind == Cbpf.STX
            || (kind <= Cbpf.LDX && (code & Cbpf.MODE_MASK) == Cbpf.MEM);
    if (memory && Integer.compareUnsigned(each.k(), Cbpf.MEMORY_WORDS) >= 0) {
      throw new IllegalArgumentException("it has no memory " + Integer.toUnsignedString(each.k()));
    }
    if (kind == Cbpf.LD
        && (code & Cbpf.MODE_MASK) == Cbpf.ABS
        && Integer.compareUnsigned(each.k(), Cbpf.FIRST_ANCILLARY) >= 0) {
      throw new IllegalArgumentException("it asks for what is not in the packet, as inbound does");
    }
    if (kind == Cbpf.ALU && (code & Cbpf.X) == 0) {
      int operation = code & Cbpf.OPERATION_MASK;
      boolean divides = operation == Cbpf.DIV || operation == Cbpf.MOD;
      boolean shifts = operation == Cbpf.LSH || operation == Cbpf.RSH;
      if ((divides && each.k() == 0)
          || (shifts && Integer.compareUnsigned(each.k(), Integer.SIZE) >= 0)) {
        throw new IllegalArgumentException("it divides by zero, or shifts all bits away");
      }
    }
    if (kind == Cbpf.JMP) {
      boolean always = (code & Cbpf.OPERATION_MASK) == Cbpf.JA;
      long target =
          always ? Integer.toUnsignedLong(each.k()) : Math.max(each.jumpTrue(), each.jumpFalse());
      if (target >= after) {
        throw new IllegalArgumentException(
            "it jumps back, as protochain does, or out of itself; filters in the kernel may not");
      }
    }
  }

  /**
   * Reads what {@code tcpdump -ddd} prints: the number of instructions, then one a line as four
   * decimal numbers.
   */
  static CbpfProgram parse(List<String> lines) {
    List<CbpfInstruction> read = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] word = line.split(" ", -1);
      read.add(
          new CbpfInstruction(
              Integer.parseInt(word[0]),
              Integer.parseInt(word[1]),
              Integer.parseInt(word[2]),
              Integer.parseUnsignedInt(word[3])));
    }
    return new CbpfProgram(read);
  }

  /**
   * Returns whether a packet passes: the program run as the kernel runs one, where reading beyond
   * the bytes ends it with no.
   *
   * @param bytes of the packet, from where the program counts
   * @param originalBytes how many there were
   */
  public boolean matches(byte[] bytes, long originalBytes) {
    return CbpfMachine.run(this, bytes, (int) originalBytes) != 0;
  }
}
