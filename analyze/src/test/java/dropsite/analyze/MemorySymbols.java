package dropsite.analyze;

import dropsite.symbols.CallSite;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.MachineCode;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Debugging information written down in a test: functions, and chains from an address on. */
public final class MemorySymbols implements DebugSymbols {
  private final List<Symbol> symbols = new ArrayList<>();
  private final TreeMap<Long, List<SourceFrame>> chains = new TreeMap<>(Long::compareUnsigned);
  private final Map<Long, List<List<ConstantArgument>>> arguments = new HashMap<>();
  private final Map<String, Map<String, Long>> enums = new HashMap<>();
  private final Map<Long, List<CallSite>> callSites = new HashMap<>();
  private boolean withoutTailCalls;
  private @Nullable MachineCode code;
  private @Nullable String buildId;
  private boolean relocatable;

  /** Returns the frame of a concrete function. */
  public static SourceFrame function(String name, String file, int line) {
    return new SourceFrame(name, name, file, line, 0, 0, false);
  }

  /** Returns the frame of an inlined function. */
  public static SourceFrame inlined(String name, String file, int line) {
    return new SourceFrame(name, null, file, line, 0, 0, true);
  }

  /** Adds a function, all of whose code is on one line. */
  public MemorySymbols with(String name, long address, long size, String file, int line) {
    return symbol(name, address, size).chain(address, function(name, file, line));
  }

  /** Adds a symbol without any source. */
  public MemorySymbols symbol(String name, long address, long size) {
    symbols.add(new Symbol(name, address, size, size != 0, ".text"));
    return this;
  }

  /** Says what stands at an address and behind it, innermost first. */
  public MemorySymbols chain(long address, SourceFrame... frames) {
    chains.put(address, List.of(frames));
    return this;
  }

  /** Says what constants the frames from an address on are called with. */
  public MemorySymbols arguments(long address, List<List<ConstantArgument>> constants) {
    arguments.put(address, constants);
    return this;
  }

  /**
   * Says that a function calls another.
   *
   * @param function address that the function begins at
   * @param returnAddress behind the call, or behind the jump of a tail call
   * @param callee null for a call through a pointer
   */
  public MemorySymbols call(
      long function, long returnAddress, @Nullable String callee, boolean tailCall) {
    callSites
        .computeIfAbsent(function, address -> new ArrayList<>())
        .add(new CallSite(returnAddress, callee, tailCall));
    return this;
  }

  /** Makes it a file that has no place for tail calls. */
  public MemorySymbols withoutTailCalls() {
    withoutTailCalls = true;
    return this;
  }

  /** Adds an enum. */
  public MemorySymbols enumeration(String name, Map<String, Long> enumerators) {
    enums.put(name, enumerators);
    return this;
  }

  /** Adds the call sites of the function at an address. */
  public MemorySymbols callSites(long address, CallSite... sites) {
    callSites.put(address, new ArrayList<>(List.of(sites)));
    return this;
  }

  /** Says what the instructions are. */
  public MemorySymbols code(MachineCode instructions) {
    code = instructions;
    return this;
  }

  /** Sets the build-id. */
  public MemorySymbols buildId(String id) {
    buildId = id;
    return this;
  }

  /** Makes it a relocatable file whose .text begins at 0x1000. */
  public MemorySymbols asModule() {
    relocatable = true;
    return this;
  }

  @Override
  public String file() {
    return relocatable ? "module.ko" : "vmlinux";
  }

  @Override
  public Optional<String> buildId() {
    return Optional.ofNullable(buildId);
  }

  @Override
  public List<SourceFrame> frames(long linkAddress) {
    if (symbols().covering(linkAddress).isEmpty()) {
      return List.of();
    }
    Map.Entry<Long, List<SourceFrame>> entry = chains.floorEntry(linkAddress);
    return entry == null ? List.of() : entry.getValue();
  }

  @Override
  public List<List<ConstantArgument>> constantArguments(long linkAddress) {
    Long start = chains.floorKey(linkAddress);
    int depth = frames(linkAddress).size();
    List<List<ConstantArgument>> none = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      none.add(List.of());
    }
    return start == null ? none : arguments.getOrDefault(start, none);
  }

  @Override
  public List<CallSite> callSites(long linkAddress) {
    return symbols()
        .covering(linkAddress)
        .map(symbol -> callSites.getOrDefault(symbol.linkAddress(), List.of()))
        .orElse(List.of());
  }

  @Override
  public boolean recordsTailCalls() {
    return !withoutTailCalls;
  }

  @Override
  public Optional<MachineCode> code() {
    return Optional.ofNullable(code);
  }

  @Override
  public Map<String, Long> enumerators(String enumName) {
    return enums.getOrDefault(enumName, Map.of());
  }

  @Override
  public boolean relocatable() {
    return relocatable;
  }

  @Override
  public Optional<Long> addressIn(String section, long offsetBytes) {
    return section.equals(".text") ? Optional.of(0x1000 + offsetBytes) : Optional.empty();
  }

  @Override
  public void close() {
    // Nothing is open.
  }

  @Override
  public SymbolIndex symbols() {
    return new SymbolIndex() {
      @Override
      public List<Symbol> named(String name) {
        return symbols.stream().filter(symbol -> symbol.name().equals(name)).toList();
      }

      @Override
      public Optional<Symbol> covering(long linkAddress) {
        return symbols.stream().filter(symbol -> symbol.covers(linkAddress)).findFirst();
      }

      @Override
      public long nextAddress(Symbol symbol) {
        return symbols.stream()
            .map(Symbol::linkAddress)
            .filter(address -> Long.compareUnsigned(address, symbol.linkAddress()) > 0)
            .min(Long::compareUnsigned)
            .orElse(symbol.linkAddress() + symbol.sizeBytes());
      }

      @Override
      public List<Symbol> functions() {
        return symbols.stream()
            .filter(Symbol::function)
            .sorted(Comparator.comparing(Symbol::linkAddress, Long::compareUnsigned))
            .toList();
      }
    };
  }
}
