package dropsite.capture.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Programs that the kernel would take, with every kind of instruction, drawn from a seed. */
final class RandomPrograms {
  private static final int[] OPERANDS = {
    0, 1, 2, 4, 15, 20, 31, 32, 40, 255, 1500, 2044, 2047, 2048, 0x7fffffff, 0x80000000, -1
  };
  private static final int[] LOADS = {
    Cbpf.W | Cbpf.ABS,
    Cbpf.H | Cbpf.ABS,
    Cbpf.B | Cbpf.ABS,
    Cbpf.W | Cbpf.IND,
    Cbpf.H | Cbpf.IND,
    Cbpf.B | Cbpf.IND,
    Cbpf.IMM,
    Cbpf.LEN,
    Cbpf.MEM
  };

  private final Random random;

  RandomPrograms(long seed) {
    random = new Random(seed);
  }

  CbpfProgram next() {
    int count = 2 + random.nextInt(30);
    List<CbpfInstruction> code = new ArrayList<>();
    for (int at = 0; at < count - 1; at++) {
      code.add(instruction(count - at - 1));
    }
    code.add(new CbpfInstruction(Cbpf.RET | Cbpf.RETURN_A, 0, 0, 0));
    return new CbpfProgram(code);
  }

  private CbpfInstruction instruction(int after) {
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> load();
      case 4 -> new CbpfInstruction(Cbpf.LDX | Cbpf.MSH | Cbpf.B, 0, 0, random.nextInt(50));
      case 5 -> new CbpfInstruction(Cbpf.LDX | pick(Cbpf.IMM, Cbpf.LEN, Cbpf.MEM), 0, 0, word());
      case 6 -> new CbpfInstruction(pick(Cbpf.ST, Cbpf.STX), 0, 0, word());
      case 7, 8, 9, 10 -> calculation();
      case 11, 12, 13 -> jump(after);
      case 14 -> new CbpfInstruction(Cbpf.MISC | pick(Cbpf.TAX, Cbpf.TXA), 0, 0, 0);
      default ->
          random.nextInt(6) == 0
              ? new CbpfInstruction(
                  Cbpf.RET | pick(Cbpf.RETURN_K, Cbpf.RETURN_A), 0, 0, pick(OPERANDS))
              : load();
    };
  }

  private CbpfInstruction load() {
    int mode = pick(LOADS);
    int k =
        switch (mode & Cbpf.MODE_MASK) {
          case Cbpf.MEM -> word();
          case Cbpf.ABS -> random.nextInt(20) == 0 ? 2040 + random.nextInt(10) : random.nextInt(80);
          case Cbpf.IND -> random.nextInt(20) == 0 ? pick(OPERANDS) : random.nextInt(40);
          default -> pick(OPERANDS);
        };
    return new CbpfInstruction(Cbpf.LD | mode, 0, 0, k);
  }

  private CbpfInstruction calculation() {
    int operation =
        pick(
            Cbpf.ADD, Cbpf.SUB, Cbpf.MUL, Cbpf.DIV, Cbpf.MOD, Cbpf.OR, Cbpf.AND, Cbpf.XOR, Cbpf.LSH,
            Cbpf.RSH, Cbpf.NEG);
    int source = operation == Cbpf.NEG ? 0 : pick(0, Cbpf.X);
    int k =
        switch (operation) {
          case Cbpf.DIV, Cbpf.MOD -> Math.max(1, pick(OPERANDS) >>> 1);
          case Cbpf.LSH, Cbpf.RSH -> random.nextInt(32);
          default -> pick(OPERANDS);
        };
    return new CbpfInstruction(Cbpf.ALU | operation | source, 0, 0, k);
  }

  private CbpfInstruction jump(int after) {
    int operation = pick(Cbpf.JA, Cbpf.JEQ, Cbpf.JGT, Cbpf.JGE, Cbpf.JSET);
    if (operation == Cbpf.JA) {
      return new CbpfInstruction(Cbpf.JMP | operation, 0, 0, random.nextInt(after));
    }
    return new CbpfInstruction(
        Cbpf.JMP | operation | pick(0, Cbpf.X),
        random.nextInt(after),
        random.nextInt(after),
        pick(OPERANDS));
  }

  private int word() {
    return random.nextInt(Cbpf.MEMORY_WORDS);
  }

  private int pick(int... values) {
    return values[random.nextInt(values.length)];
  }
}
