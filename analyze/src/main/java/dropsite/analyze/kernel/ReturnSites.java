package dropsite.analyze.kernel;

import dropsite.symbols.CallSite;
import dropsite.symbols.CodeRegion.Range;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.MachineCode;
import dropsite.symbols.MachineCode.Stretch;
import dropsite.symbols.Symbol;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the places of an image that calls return to from all others.
 *
 * <p>Known from the instructions of the file, and from its call sites where the compiler recorded
 * them: those of inline assembly and of functions in assembly it does not. A file without
 * instructions, such as a symbol file, has only call sites.
 */
final class ReturnSites {

  /** What a place says of a return address that is put there. */
  enum Verdict {
    /** A call returns there. */
    RETURN,
    /** It may be one: a call that the compiler does not know of ends there. */
    OPEN,
    /** No call returns there. */
    NONE
  }

  /** Of so many functions of a file with call sites at least one has a call. */
  private static final int SAMPLES = 256;

  private final DebugSymbols symbols;
  private final KernelMachine machine;
  private final @Nullable MachineCode code;
  private final @Nullable CallInstruction calls;
  private final List<Range> text;
  private final Remembered<Long, Verdict> verdicts = new Remembered<>();

  private ReturnSites(
      DebugSymbols symbols, KernelMachine machine, @Nullable MachineCode code, List<Range> text) {
    this.symbols = symbols;
    this.machine = machine;
    this.code = code;
    this.calls = code == null ? null : machine.calls(code);
    this.text = text;
  }

  /** Returns empty when the file does not say where calls are. */
  static Optional<ReturnSites> of(DebugSymbols symbols) {
    Optional<MachineCode> code = symbols.code();
    if (code.isPresent()) {
      List<Range> text =
          code.get().stretches().stream()
              .map(it -> new Range(it.linkAddress(), it.linkAddress() + it.bytes().sizeBytes()))
              .toList();
      return KernelMachine.of(code.get())
          .map(machine -> new ReturnSites(symbols, machine, code.get(), text));
    }
    List<Symbol> functions = symbols.symbols().functions();
    int apart = Math.max(1, functions.size() / SAMPLES);
    boolean hasCallSites = false;
    for (int i = 0; i < functions.size() && !hasCallSites; i += apart) {
      hasCallSites = !symbols.callSites(functions.get(i).linkAddress()).isEmpty();
    }
    if (!hasCallSites) {
      return Optional.empty();
    }
    long low = functions.getFirst().linkAddress();
    long high = functions.getLast().linkAddress() + functions.getLast().sizeBytes();
    return KernelMachine.linkedAt(low)
        .map(machine -> new ReturnSites(symbols, machine, null, List.of(new Range(low, high))));
  }

  /** Returns the places of a module's .text; empty when its file has no instructions. */
  static Optional<ReturnSites> ofModule(DebugSymbols file, long textLinkAddress) {
    return file.code()
        .flatMap(code -> {
          List<Range> text =
              code.stretches().stream()
                  .filter(it -> it.covers(textLinkAddress))
                  .map(it -> new Range(textLinkAddress, it.linkAddress() + it.bytes().sizeBytes()))
                  .toList();
          return KernelMachine.of(code).map(machine -> new ReturnSites(file, machine, code, text));
        });
  }

  KernelMachine machine() {
    return machine;
  }

  /** Returns where return addresses may be. */
  List<Range> text() {
    return text;
  }

  /**
   * Returns whether a return address may be put there: whether the call before it would be code.
   */
  boolean inText(long linkAddress) {
    for (Range range : text) {
      if (Long.compareUnsigned(linkAddress - 1 - range.low(), range.high() - range.low()) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether {@link #verdict} may say more than that no call returns there; soon. */
  boolean mayBeReturn(long linkAddress) {
    MachineCode instructions = code;
    CallInstruction ends = calls;
    if (instructions == null || ends == null) {
      return verdict(linkAddress) == Verdict.RETURN;
    }
    for (Stretch stretch : instructions.stretches()) {
      if (stretch.covers(linkAddress - 1)) {
        return ends.endsAt(stretch, linkAddress - stretch.linkAddress());
      }
    }
    return false;
  }

  Verdict verdict(long linkAddress) {
    Verdict known = verdicts.get(linkAddress);
    return known != null ? known : verdicts.put(linkAddress, judge(linkAddress));
  }

  private Verdict judge(long linkAddress) {
    if (code != null && !mayBeReturn(linkAddress)) {
      return Verdict.NONE;
    }
    List<CallSite> sites = symbols.callSites(linkAddress - 1);
    for (CallSite site : sites) {
      if (site.returnAddress() == linkAddress && !site.tailCall()) {
        return Verdict.RETURN;
      }
    }
    if (code == null) {
      return Verdict.NONE;
    }
    return sites.isEmpty() ? Verdict.RETURN : Verdict.OPEN;
  }
}
