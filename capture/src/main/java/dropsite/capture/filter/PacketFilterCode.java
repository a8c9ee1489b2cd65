package dropsite.capture.filter;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a filter from classic BPF into instructions that run inside the probe in the kernel, at the
 * place that bpf/README.md describes.
 *
 * <p>A is r0, X is r4; r1 is the packet, r2 how much of it is there, r3 how long it was. All are 32
 * bits wide with the upper half zero, so that 64-bit comparisons, whose bounds every verifier
 * remembers, are right for offsets. Only instructions of {@code -mcpu=v3} are used.
 */
public final class PacketFilterCode {
  /** As many instructions as the place has room for. */
  public static final int MOST_INSTRUCTIONS = 2048;

  /** As many bytes as the verifier lets r1 be read. */
  private static final int CAPACITY_BYTES = 2048;

  private static final int A = 0;
  private static final int PACKET = 1;
  private static final int CAPTURED = 2;
  private static final int LENGTH = 3;
  private static final int X = 4;
  private static final int PLACE = 5;
  private static final int FRAME = 10;

  private static final int LOAD = 0x61;
  private static final int STORE = 0x63;
  private static final int STORE_IMMEDIATE = 0x62;
  private static final int ALU32 = 0x04;
  private static final int ALU64 = 0x07;
  private static final int JUMP = 0x05;
  private static final int JUMP32 = 0x06;
  private static final int REGISTER = 0x08;
  private static final int MOVE = 0xb0;
  private static final int TO_BIG_ENDIAN = ALU32 | 0xd0 | 0x08;
  private static final int LESS = 0xa0;
  private static final int LESS_OR_EQUAL = 0xb0;
  private static final int NOT_EQUAL = 0x50;

  /** Where jumps go that are not to an instruction of the filter. */
  private static final int NO_MATCH = -1;

  private static final int END = -2;

  private final List<CbpfInstruction> filter;
  private final List<EbpfInstruction> code = new ArrayList<>();

  /** Of each instruction in {@link #code} that jumps: where to, or {@link #STAYS}. */
  private final List<Integer> targets = new ArrayList<>();

  private static final int STAYS = -3;

  private PacketFilterCode(CbpfProgram program) {
    filter = program.instructions();
  }

  /**
   * Translates a filter.
   *
   * @return instructions as this machine reads them from memory, one a number
   * @throws FilterException when the probe has no room for so many
   */
  public static long[] translate(CbpfProgram program) throws FilterException {
    List<EbpfInstruction> code = new PacketFilterCode(program).translate();
    if (code.size() > MOST_INSTRUCTIONS) {
      throw new FilterException(
          "--filter: the expression takes %d instructions, and the probe has room for %d"
              .formatted(code.size(), MOST_INSTRUCTIONS));
    }
    return code.stream().mapToLong(each -> each.encoded(ByteOrder.nativeOrder())).toArray();
  }

  static List<EbpfInstruction> instructions(CbpfProgram program) {
    return new PacketFilterCode(program).translate();
  }

  private List<EbpfInstruction> translate() {
    clear();
    int[] begins = new int[filter.size()];
    boolean[] reached = new boolean[filter.size()];
    reached[0] = true;
    for (int at = 0; at < begins.length; at++) {
      begins[at] = code.size();
      // The verifier refuses code that cannot be reached, which classic BPF may hold.
      if (reached[at]) {
        CbpfInstruction each = filter.get(at);
        boolean goesOn = add(each, at);
        markReached(each, at, goesOn, reached);
      }
    }
    int noMatch = code.size();
    if (targets.contains(NO_MATCH)) {
      add(ALU32 | MOVE, A, 0, 0, 0);
    }
    return resolved(begins, noMatch);
  }

  /** Everything begins as zero, as in the kernel's classic BPF; the verifier wants to see that. */
  private void clear() {
    add(ALU32 | MOVE, A, 0, 0, 0);
    add(ALU32 | MOVE, X, 0, 0, 0);
    boolean[] used = new boolean[Cbpf.MEMORY_WORDS];
    for (CbpfInstruction each : filter) {
      int kind = each.code() & Cbpf.CLASS_MASK;
      if (kind <= Cbpf.LDX && (each.code() & Cbpf.MODE_MASK) == Cbpf.MEM) {
        used[each.k()] = true;
      }
    }
    for (int word = 0; word < used.length; word++) {
      if (used[word]) {
        add(STORE_IMMEDIATE, FRAME, 0, memory(word), 0);
      }
    }
  }

  private static int memory(int word) {
    return (word - Cbpf.MEMORY_WORDS) * Integer.BYTES;
  }

  private static void markReached(CbpfInstruction each, int at, boolean goesOn, boolean[] reached) {
    if ((each.code() & Cbpf.CLASS_MASK) == Cbpf.JMP) {
      if ((each.code() & Cbpf.OPERATION_MASK) == Cbpf.JA) {
        reached[at + 1 + each.k()] = true;
      } else {
        reached[at + 1 + each.jumpTrue()] = true;
        reached[at + 1 + each.jumpFalse()] = true;
      }
    } else if (goesOn) {
      reached[at + 1] = true;
    }
  }

  private List<EbpfInstruction> resolved(int[] begins, int noMatch) {
    List<EbpfInstruction> resolved = new ArrayList<>(code.size());
    for (int at = 0; at < code.size(); at++) {
      EbpfInstruction each = code.get(at);
      int target = targets.get(at);
      if (target != STAYS) {
        int to =
            switch (target) {
              case NO_MATCH -> noMatch;
              case END -> code.size();
              default -> begins[target];
            };
        each =
            new EbpfInstruction(
                each.code(),
                each.target(),
                each.source(),
                // Programs too long for a jump are refused for their length.
                (short) (to - at - 1),
                each.immediate());
      }
      resolved.add(each);
    }
    return resolved;
  }

  /** Returns whether the filter may go on with the instruction that follows. */
  private boolean add(CbpfInstruction each, int at) {
    int code = each.code();
    int k = each.k();
    switch (code & Cbpf.CLASS_MASK) {
      case Cbpf.LD -> {
        return load(A, code, k);
      }
      case Cbpf.LDX -> {
        return load(X, code, k);
      }
      case Cbpf.ST -> add(STORE, FRAME, A, memory(k), 0);
      case Cbpf.STX -> add(STORE, FRAME, X, memory(k), 0);
      case Cbpf.ALU -> calculate(code, k);
      case Cbpf.JMP -> jump(each, at);
      case Cbpf.RET -> {
        if ((code & Cbpf.RETURN_MASK) == Cbpf.RETURN_K) {
          add(ALU32 | MOVE, A, 0, 0, k);
        }
        jump(JUMP, 0, 0, 0, END);
        return false;
      }
      default -> {
        boolean toX = (code & Cbpf.MISC_MASK) == Cbpf.TAX;
        add(ALU32 | MOVE | REGISTER, toX ? X : A, toX ? A : X, 0, 0);
      }
    }
    return true;
  }

  private boolean load(int target, int code, int k) {
    switch (code & Cbpf.MODE_MASK) {
      case Cbpf.IMM -> add(ALU32 | MOVE, target, 0, 0, k);
      case Cbpf.LEN -> add(ALU32 | MOVE | REGISTER, target, LENGTH, 0, 0);
      case Cbpf.MEM -> add(LOAD, target, FRAME, memory(k), 0);
      default -> {
        int sizeBytes = Cbpf.sizeBytes(code);
        if (Integer.toUnsignedLong(k) + sizeBytes > CAPACITY_BYTES) {
          jump(JUMP, 0, 0, 0, NO_MATCH);
          return false;
        }
        if ((code & Cbpf.MODE_MASK) == Cbpf.IND) {
          loadBehindX(target, code, k + sizeBytes);
        } else {
          jump(JUMP | LESS, CAPTURED, 0, k + sizeBytes, NO_MATCH);
          add(LOAD | (code & Cbpf.SIZE_MASK), target, PACKET, k, 0);
        }
        if (sizeBytes > 1) {
          add(TO_BIG_ENDIAN, target, 0, 0, sizeBytes * Byte.SIZE);
        }
        if ((code & Cbpf.MODE_MASK) == Cbpf.MSH) {
          add(ALU32 | Cbpf.AND, target, 0, 0, 0xf);
          add(ALU32 | Cbpf.LSH, target, 0, 0, 2);
        }
      }
    }
    return true;
  }

  /**
   * @param end of what is loaded, counted from X
   */
  private void loadBehindX(int target, int code, int end) {
    add(ALU32 | MOVE | REGISTER, PLACE, X, 0, 0);
    add(ALU64 | Cbpf.ADD, PLACE, 0, 0, end);
    jump(JUMP | Cbpf.JGT | REGISTER, PLACE, CAPTURED, 0, NO_MATCH);
    // Never so; but verifiers before 6.8 learn no bound from comparing two unknown numbers.
    jump(JUMP | Cbpf.JGT, PLACE, 0, CAPACITY_BYTES, NO_MATCH);
    add(ALU64 | Cbpf.ADD | REGISTER, PLACE, PACKET, 0, 0);
    add(LOAD | (code & Cbpf.SIZE_MASK), target, PLACE, -Cbpf.sizeBytes(code), 0);
  }

  private void calculate(int code, int k) {
    int operation = code & Cbpf.OPERATION_MASK;
    if ((code & Cbpf.X) == 0 || operation == Cbpf.NEG) {
      add(ALU32 | operation, A, 0, 0, operation == Cbpf.NEG ? 0 : k);
      return;
    }
    if (operation == Cbpf.DIV || operation == Cbpf.MOD) {
      jump(JUMP32 | Cbpf.JEQ, X, 0, 0, NO_MATCH);
    }
    if (operation == Cbpf.LSH || operation == Cbpf.RSH) {
      // eBPF takes the shift modulo 32; classic BPF shifts all bits away.
      add(JUMP32 | LESS, X, 0, 2, Integer.SIZE);
      add(ALU32 | MOVE, A, 0, 0, 0);
      add(JUMP, 0, 0, 1, 0);
    }
    add(ALU32 | operation | REGISTER, A, X, 0, 0);
  }

  private void jump(CbpfInstruction each, int at) {
    int next = at + 1;
    int operation = each.code() & Cbpf.OPERATION_MASK;
    if (operation == Cbpf.JA) {
      jump(JUMP, 0, 0, 0, next + each.k());
      return;
    }
    int whenTrue = next + each.jumpTrue();
    int whenFalse = next + each.jumpFalse();
    int opposite =
        switch (operation) {
          case Cbpf.JEQ -> NOT_EQUAL;
          case Cbpf.JGT -> LESS_OR_EQUAL;
          case Cbpf.JGE -> LESS;
          default -> 0;
        };
    if (whenTrue == next && opposite != 0) {
      compare(each, opposite, whenFalse);
      return;
    }
    compare(each, operation, whenTrue);
    if (whenFalse != next) {
      jump(JUMP, 0, 0, 0, whenFalse);
    }
  }

  private void compare(CbpfInstruction each, int operation, int target) {
    boolean register = (each.code() & Cbpf.X) != 0;
    jump(
        JUMP32 | operation | (register ? REGISTER : 0),
        A,
        register ? X : 0,
        register ? 0 : each.k(),
        target);
  }

  private void jump(int operation, int left, int right, int immediate, int target) {
    code.add(new EbpfInstruction(operation, left, right, 0, immediate));
    targets.add(target);
  }

  private void add(int operation, int target, int source, int offset, int immediate) {
    code.add(new EbpfInstruction(operation, target, source, offset, immediate));
    targets.add(STAYS);
  }
}
