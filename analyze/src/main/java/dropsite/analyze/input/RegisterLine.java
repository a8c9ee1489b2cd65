package dropsite.analyze.input;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line that tells where the processor was, or would have gone back to, each machine's way.
 *
 * @param role what the places are to the stack
 * @param places that the line names; none where it names only places of user space
 */
record RegisterLine(Role role, List<StackFrame> places) {

  /** What a line of registers is to the stack around it. */
  enum Role {
    /** Its place is a frame: those of the trace go on where it was called from. */
    FRAME,
    /** Its first place is the one that the trace begins with once more. */
    COUNTER,
    /** Its places stand in the trace as well, or in none. */
    PLACE
  }

  /** Segments of the kernel on x86 have 0 here, those of user space 3. */
  private static final long PRIVILEGE = 3;

  /** Where the kernel begins on i386 (CONFIG_PAGE_OFFSET as nearly everybody has it). */
  private static final long I386_KERNEL = 0xc0000000L;

  /** Returns what a line tells, its blanks skipped; null when it is another. */
  static @Nullable RegisterLine parse(LineCursor line) {
    int begin = line.position();
    RegisterLine registers =
        switch (line.peek()) {
          case 'R', 'E' -> x86(line);
          case 'I' -> line.accept("IP: ") ? placed(Role.PLACE, exact(addressed(line))) : null;
          case 'N', '-' -> powerCounter(line);
          case 'L' -> linkOfPowerOrArm(line);
          case 'P' ->
              line.accept("PC is at ")
                  ? placed(Role.COUNTER, exact(KernelPlace.anyForm(line)))
                  : null;
          case 'K' -> statusWord(line);
          case 'p', 'e', 'l', 'r' -> pair(line);
          default -> null;
        };
    if (registers == null) {
      line.moveTo(begin);
    }
    return registers;
  }

  private static RegisterLine nothing() {
    return new RegisterLine(Role.PLACE, List.of());
  }

  private static @Nullable RegisterLine placed(Role role, @Nullable StackFrame place) {
    return place == null ? null : new RegisterLine(role, List.of(place));
  }

  private static @Nullable StackFrame exact(@Nullable StackFrame frame) {
    return frame == null ? null : frame.asProgramCounter();
  }

  private static @Nullable StackFrame addressed(LineCursor line) {
    StackFrame place = KernelPlace.addressed(line);
    return place != null ? place : KernelPlace.decoded(line);
  }

  /** Reads {@code RIP: 0010:name+0x1/0x2} and {@code EIP: 0060:[<c0100000>] EFLAGS: …}. */
  private static @Nullable RegisterLine x86(LineCursor line) {
    boolean wide = line.accept("RIP");
    if (!wide && !line.accept("EIP")) {
      return null;
    }
    if (line.accept(" is at ")) {
      return placed(Role.FRAME, exact(KernelPlace.anyForm(line)));
    }
    if (!line.accept(":")) {
      return line.skipBlanks() > 0 ? placed(Role.PLACE, exact(addressed(line))) : null;
    }
    line.skipBlanks();
    Long segment = segment(line);
    if (segment != null && (segment & PRIVILEGE) == PRIVILEGE) {
      return nothing();
    }
    // Printed twice where there is no name: once for the register, once for the place.
    int first = line.position();
    if (line.addressBetween("[<", ">]") == null || line.skipBlanks() == 0 || line.peek() != '[') {
      line.moveTo(first);
    }
    StackFrame place = addressed(line);
    if (place == null) {
      return null;
    }
    boolean user =
        segment == null
            && place.symbol() == null
            && place.source() == null
            && place.runtimeAddress() != null
            && place.runtimeAddress() != 0
            && Long.compareUnsigned(place.runtimeAddress(), I386_KERNEL) < 0;
    if (user) {
      return nothing();
    }
    boolean summary = segment == null && (line.skipBehind("RSP") || line.skipBehind("SS:ESP"));
    return placed(summary ? Role.PLACE : Role.FRAME, exact(place));
  }

  private static @Nullable Long segment(LineCursor line) {
    int begin = line.position();
    Long segment = line.hexDigits(4);
    if (segment != null && line.accept(":")) {
      return segment;
    }
    line.moveTo(begin);
    return null;
  }

  /** Reads {@code NIP [c000000008068dfc] name+0x1/0x2} and {@code --- interrupt: 900 at name+…}. */
  private static @Nullable RegisterLine powerCounter(LineCursor line) {
    if (line.accept("NIP [")) {
      line.moveTo(line.position() - 1);
      return powerPlace(line, Role.FRAME);
    }
    if (!line.accept("--- interrupt: ") && !line.accept("--- Exception: ")) {
      return null;
    }
    line.skipWord();
    StackFrame place = line.accept(" at ") ? PrintedPlace.byKernel(line) : null;
    return place == null
        ? nothing()
        : new RegisterLine(Role.FRAME, List.of(place.asProgramCounter()));
  }

  private static @Nullable RegisterLine linkOfPowerOrArm(LineCursor line) {
    if (line.accept("LR is at ")) {
      return placed(Role.PLACE, KernelPlace.anyForm(line));
    }
    if (line.accept("LR = ")) {
      StackFrame place = PrintedPlace.byKernel(line);
      return place == null ? nothing() : placed(Role.PLACE, place);
    }
    if (line.accept("LR [")) {
      line.moveTo(line.position() - 1);
      return powerPlace(line, Role.PLACE);
    }
    return null;
  }

  private static @Nullable RegisterLine powerPlace(LineCursor line, Role role) {
    Long address = line.addressBetween("[", "]");
    if (address == null) {
      return null;
    }
    line.skipBlanks();
    StackFrame place = PrintedPlace.byKernel(line);
    if (place == null) {
      return nothing();
    }
    return placed(role, role == Role.FRAME ? exact(place.at(address)) : place.at(address));
  }

  /** Reads s390's {@code Krnl PSW : 0704c00180000000 0000000000a4a0fe (name+0x1/0x2)}. */
  private static @Nullable RegisterLine statusWord(LineCursor line) {
    if (!line.accept("Krnl PSW : ") || line.address() == null) {
      return null;
    }
    line.skipBlanks();
    Long address = line.address();
    if (address == null) {
      return null;
    }
    StackFrame place = line.accept(" (") ? PrintedPlace.byKernel(line) : null;
    return placed(
        Role.COUNTER, exact(place == null ? StackFrame.ofAddress(address) : place.at(address)));
  }

  /**
   * Reads {@code pc : name+0x1/0x2 lr : name+0x1/0x2} of arm, riscv ({@code epc}, {@code ra}) and
   * mips.
   */
  private static @Nullable RegisterLine pair(LineCursor line) {
    boolean counter = line.accept("pc") || line.accept("epc");
    if (!counter && !line.accept("lr") && !line.accept("ra")) {
      return null;
    }
    line.skipBlanks();
    if (!line.accept(":")) {
      return null;
    }
    List<StackFrame> places = new ArrayList<>();
    StackFrame first = value(line);
    if (first != null) {
      places.add(counter ? first.asProgramCounter() : first);
      line.skipBlanks();
      if (counter && (line.accept("lr") || line.accept("ra"))) {
        line.skipBlanks();
        StackFrame link = line.accept(":") ? value(line) : null;
        if (link != null) {
          places.add(link);
        }
      }
    } else if (line.address() == null) {
      return null;
    }
    return new RegisterLine(first != null && counter ? Role.COUNTER : Role.PLACE, places);
  }

  private static @Nullable StackFrame value(LineCursor line) {
    line.skipBlanks();
    StackFrame place = addressed(line);
    if (place != null) {
      return place;
    }
    int begin = line.position();
    Long address = line.address();
    line.skipBlanks();
    StackFrame symbol = address == null ? null : PrintedPlace.byKernel(line);
    if (symbol == null) {
      line.moveTo(begin);
      return null;
    }
    return symbol.at(address);
  }
}
