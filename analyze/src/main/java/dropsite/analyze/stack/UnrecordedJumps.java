package dropsite.analyze.stack;

import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import dropsite.symbols.CallSite;
import dropsite.symbols.CanonicalName;
import dropsite.symbols.MachineCode;
import dropsite.symbols.Symbol;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Looks in a function's instructions for ways out of it that compilers do not record as calls: GCC
 * leaves out some of those through pointers.
 *
 * <p>Bytes are not told apart into instructions, so that more may be found than there is. What is
 * not found is not there.
 */
final class UnrecordedJumps {
  private static final int LONGEST_BYTES = 1 << 18;

  /** Of x86: the jump and the call by a distance, and the group that goes through a pointer. */
  private static final int JUMP = 0xe9;

  private static final int CALL = 0xe8;
  private static final int TWO_BYTES = 0x0f;
  private static final int CONDITIONAL = 0x80;
  private static final int POINTER_GROUP = 0xff;
  private static final int POINTER_CALL = 2;
  private static final int POINTER_JUMP = 4;
  private static final int DISTANCE_BYTES = 4;

  private final KnownCalls calls;
  private final EntryFrames entries;

  UnrecordedJumps(KnownCalls calls, EntryFrames entries) {
    this.calls = calls;
    this.entries = entries;
  }

  /**
   * Returns whether a function may lead to others than its recorded calls say.
   *
   * @param withCalls whether calls through pointers count, not only jumps
   */
  boolean mayBeIn(Function function, boolean withCalls) {
    Optional<MachineCode> code = function.file().code();
    if (code.isEmpty() || !code.get().linked() || !function.file().recordsTailCalls()) {
      return true;
    }
    for (Symbol part : calls.partsOf(function)) {
      if (new Search(function, part, withCalls).in(code.get())) {
        return true;
      }
    }
    return false;
  }

  private final class Search {
    private final Function function;
    private final Symbol part;
    private final boolean withCalls;
    private final Set<String> recorded = new HashSet<>();

    Search(Function function, Symbol part, boolean withCalls) {
      this.function = function;
      this.part = part;
      this.withCalls = withCalls;
      recorded.add(function.canonicalName());
      for (CallSite site : calls.of(function)) {
        if (site.callee() != null) {
          recorded.add(CanonicalName.of(site.callee()));
        }
      }
    }

    boolean in(MachineCode code) {
      for (MachineCode.Stretch stretch : code.stretches()) {
        long offset = part.linkAddress() - stretch.linkAddress();
        if (stretch.covers(part.linkAddress())) {
          long room = Math.min(part.sizeBytes(), stretch.bytes().sizeBytes() - offset);
          return room > LONGEST_BYTES || in(code.machine(), stretch.bytes(), offset, (int) room);
        }
      }
      return true;
    }

    private boolean in(int machine, Bytes bytes, long offset, int size) {
      return switch (machine) {
        case ElfImage.EM_X86_64, ElfImage.EM_386 -> inX86(bytes.copy(offset, size));
        case ElfImage.EM_AARCH64 -> inArm64(bytes, offset, size);
        default -> true;
      };
    }

    private boolean inX86(byte[] code) {
      for (int i = 0; i + 1 < code.length; i++) {
        int first = code[i] & 0xff;
        int second = code[i + 1] & 0xff;
        int register = (second >> 3) & 7;
        if (first == POINTER_GROUP
            && (register == POINTER_JUMP || (withCalls && register == POINTER_CALL))) {
          return true;
        }
        int distance = first == JUMP || first == CALL ? i + 1 : i + 2;
        boolean conditional = first == TWO_BYTES && (second & 0xf0) == CONDITIONAL;
        if ((first == JUMP || first == CALL || conditional)
            && distance + DISTANCE_BYTES <= code.length
            && leads(
                part.linkAddress() + distance + DISTANCE_BYTES + littleEndian(code, distance),
                first == CALL)) {
          return true;
        }
      }
      return false;
    }

    private static int littleEndian(byte[] code, int at) {
      return (code[at] & 0xff)
          | (code[at + 1] & 0xff) << 8
          | (code[at + 2] & 0xff) << 16
          | code[at + 3] << 24;
    }

    /** Arm Architecture Reference Manual: B, BR, BRAA and, with calls, BLR, BLRAA. */
    private boolean inArm64(Bytes bytes, long offset, int size) {
      for (int i = 0; i + 4 <= size; i += 4) {
        long word = bytes.unsignedAt(offset + i, 4);
        long form = word & 0xfefff000L;
        if (form == 0xd61f0000L || (withCalls && form == 0xd63f0000L)) {
          return true;
        }
        long distance = word << 38 >> 36;
        if (word >>> 26 == 5 && leads(part.linkAddress() + i + distance, false)) {
          return true;
        }
      }
      return false;
    }

    /** Returns whether a jump leads to another function, or a call to one that leads on. */
    private boolean leads(long target, boolean call) {
      if (part.covers(target)) {
        return false;
      }
      Symbol symbol = function.file().symbols().covering(target).orElse(null);
      if (symbol == null || symbol.linkAddress() != target) {
        return false;
      }
      if (entries.isTrampoline(symbol.name())) {
        return !call || withCalls;
      }
      return !call
          && !entries.isReturn(symbol.name())
          && !recorded.contains(CanonicalName.of(symbol.name()));
    }
  }
}
