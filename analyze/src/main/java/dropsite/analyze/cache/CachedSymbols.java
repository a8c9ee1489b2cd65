package dropsite.analyze.cache;

import dropsite.bytes.MalformedInputException;
import dropsite.dwarf.DwarfFile;
import dropsite.elf.ElfImage;
import dropsite.facts.CompletedSymbols;
import dropsite.symbols.CallSite;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.MachineCode;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file whose debugging information is read from a symbol file made from it before. Symbols
 * and sections are those of the ELF file; its debugging information is opened only for the rare
 * address that a symbol file cannot express.
 */
public final class CachedSymbols implements DebugSymbols {
  private final ElfImage image;
  private final Path path;
  private final Consumer<String> talk;
  private final CompletedSymbols made;
  private volatile boolean damaged;
  private @Nullable DwarfFile source;

  /**
   * @param image closed with this
   * @param path that the image was opened from
   * @param made the symbol file and its sidecar; closed with this
   * @param talk told when the symbol file turns out to be damaged
   */
  CachedSymbols(ElfImage image, Path path, CompletedSymbols made, Consumer<String> talk) {
    this.image = image;
    this.path = path;
    this.made = made;
    this.talk = talk;
  }

  /** Returns the ELF file itself. */
  public ElfImage image() {
    return image;
  }

  @Override
  public String file() {
    return image.file();
  }

  @Override
  public Optional<String> buildId() {
    return image.buildId();
  }

  @Override
  public List<SourceFrame> frames(long linkAddress) {
    return ask(
        symbols -> symbols.frames(linkAddress), linkAddress, frames -> named(linkAddress, frames));
  }

  /** A symbol file lists code only: elsewhere the frame is the symbol, if there is one. */
  private List<SourceFrame> named(long linkAddress, List<SourceFrame> frames) {
    if (!frames.isEmpty()) {
      return frames;
    }
    Optional<Symbol> symbol = image.symbols().covering(linkAddress);
    return symbol.isEmpty()
        ? frames
        : List.of(new SourceFrame(null, symbol.get().name(), null, 0, 0, 0, false));
  }

  @Override
  public List<List<ConstantArgument>> constantArguments(long linkAddress) {
    return ask(
        symbols -> symbols.constantArguments(linkAddress),
        linkAddress,
        arguments ->
            arguments.isEmpty() && !frames(linkAddress).isEmpty() ? List.of(List.of()) : arguments);
  }

  @Override
  public List<CallSite> callSites(long linkAddress) {
    return ask(symbols -> symbols.callSites(linkAddress), linkAddress, Function.identity());
  }

  @Override
  public boolean recordsTailCalls() {
    return true;
  }

  @Override
  public Optional<MachineCode> code() {
    return image.code();
  }

  @Override
  public Map<String, Long> enumerators(String enumName) {
    return ask(symbols -> symbols.enumerators(enumName), null, Function.identity());
  }

  /**
   * Asks the symbol file, or the debugging information where that cannot answer.
   *
   * @param linkAddress that the question is about; null when it is about none
   * @param completion of the symbol file's answer
   */
  private <T> T ask(
      Function<DebugSymbols, T> question, @Nullable Long linkAddress, Function<T, T> completion) {
    if (!damaged) {
      try {
        if (linkAddress == null || made.expresses(linkAddress)) {
          return completion.apply(question.apply(made));
        }
      } catch (MalformedInputException e) {
        noteDamage(e);
      }
    }
    return question.apply(source());
  }

  private synchronized void noteDamage(MalformedInputException e) {
    if (!damaged) {
      damaged = true;
      talk.accept(e.getMessage() + "; not used");
    }
  }

  private synchronized DwarfFile source() {
    DwarfFile known = source;
    if (known == null) {
      known = DwarfFile.over(image, path);
      source = known;
    }
    return known;
  }

  @Override
  public SymbolIndex symbols() {
    return image.symbols();
  }

  @Override
  public boolean relocatable() {
    return image.relocatable();
  }

  @Override
  public Optional<Long> addressIn(String section, long offsetBytes) {
    return image.addressIn(section, offsetBytes);
  }

  @Override
  public void close() {
    made.close();
    if (source == null) {
      image.close();
    } else {
      source.close();
    }
  }
}
