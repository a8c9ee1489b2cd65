package dropsite.facts;

import dropsite.symbols.CallSite;
import dropsite.symbols.CodeFacts.Naming;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.SymbolIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A symbol file completed by its sidecar: answers as the debugging information that both were made
 * from.
 */
public final class CompletedSymbols implements DebugSymbols {
  private final DebugSymbols symbolFile;
  private final FactsFile facts;

  /**
   * @param symbolFile closed together with this
   * @param facts made together with it; closed together with this
   */
  public CompletedSymbols(DebugSymbols symbolFile, FactsFile facts) {
    this.symbolFile = symbolFile;
    this.facts = facts;
  }

  /**
   * Returns whether both files together say all that the debugging information says of an address.
   */
  public boolean expresses(long linkAddress) {
    return !facts.inexpressible(linkAddress);
  }

  @Override
  public String file() {
    return symbolFile.file();
  }

  @Override
  public Optional<String> buildId() {
    return symbolFile.buildId();
  }

  @Override
  public List<SourceFrame> frames(long linkAddress) {
    return completed(linkAddress, symbolFile.frames(linkAddress));
  }

  private List<SourceFrame> completed(long linkAddress, List<SourceFrame> known) {
    Region region = facts.regionAt(linkAddress);
    if (region == null || region.naming() == Naming.INEXPRESSIBLE) {
      return known;
    }
    Region.Position position = region.position(linkAddress);
    if (region.naming() == Naming.NOTHING) {
      return position == null || !position.known()
          ? List.of()
          : List.of(
              new SourceFrame(
                  null,
                  null,
                  facts.string(position.file()),
                  position.line(),
                  position.column(),
                  position.discriminator(),
                  false));
    }
    if (known.isEmpty()) {
      return known;
    }
    int column = position == null ? 0 : position.column();
    int discriminator = position == null ? 0 : position.discriminator();
    List<Region.Call> calls = region.calls(linkAddress);
    List<SourceFrame> frames = new ArrayList<>(known.size());
    // Innermost first; a frame stands where it calls the one before it.
    for (int depth = known.size() - 1; depth >= 0; depth--) {
      SourceFrame frame = known.get(known.size() - 1 - depth);
      boolean concrete = depth == 0;
      String symbol = region.naming() == Naming.SYMBOL ? frame.symbol() : null;
      frames.add(
          new SourceFrame(
              concrete ? facts.functionOf(region) : frame.function(),
              concrete ? symbol : null,
              frame.file(),
              frame.line(),
              column,
              discriminator,
              !concrete));
      Region.Call call = callAt(calls, depth);
      column = call == null ? 0 : call.column();
      discriminator = call == null ? 0 : call.discriminator();
    }
    return frames;
  }

  private static Region.@Nullable Call callAt(List<Region.Call> calls, int depth) {
    for (Region.Call call : calls) {
      if (call.depth() == depth) {
        return call;
      }
    }
    return null;
  }

  @Override
  public List<List<ConstantArgument>> constantArguments(long linkAddress) {
    int count = symbolFile.frames(linkAddress).size();
    Region region = facts.regionAt(linkAddress);
    if (region != null && region.naming() == Naming.NOTHING) {
      count = frames(linkAddress).size();
    }
    List<List<ConstantArgument>> arguments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      arguments.add(new ArrayList<>());
    }
    if (region != null) {
      for (Region.Constant constant : region.constants(linkAddress)) {
        if (constant.depth() < count) {
          arguments.get(count - 1 - constant.depth()).add(facts.argument(constant.argument()));
        }
      }
    }
    return arguments;
  }

  @Override
  public List<CallSite> callSites(long linkAddress) {
    return facts.callSites(linkAddress);
  }

  @Override
  public boolean recordsTailCalls() {
    return true;
  }

  @Override
  public Map<String, Long> enumerators(String enumName) {
    return facts.enumerators(enumName);
  }

  @Override
  public SymbolIndex symbols() {
    return symbolFile.symbols();
  }

  @Override
  public boolean relocatable() {
    return symbolFile.relocatable();
  }

  @Override
  public Optional<Long> addressIn(String section, long offsetBytes) {
    return symbolFile.addressIn(section, offsetBytes);
  }

  @Override
  public void close() {
    facts.close();
    symbolFile.close();
  }
}
