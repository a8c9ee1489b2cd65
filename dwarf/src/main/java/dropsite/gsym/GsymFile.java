package dropsite.gsym;

import dropsite.bytes.Bytes;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A symbol file in the GSYM format, version 1, as {@code llvm-gsymutil} of LLVM 22 writes it: a
 * small stand-in for an image's DWARF.
 *
 * <p>It answers function, file, line and inlined calls. What the format cannot hold is answered as
 * absent: columns, discriminators, constant arguments, enumerators and sections. A lookup searches
 * the address table in place and decodes one function; the rest of the file is not touched.
 */
public final class GsymFile implements DebugSymbols {
  private final String name;
  private final Arena arena;
  private final GsymHeader header;
  private final FunctionTable functions;
  private final FileTable files;
  private final StringTable strings;
  private final GsymSymbols symbols;

  private GsymFile(String name, Arena arena, Bytes file) {
    this.name = name;
    this.arena = arena;
    Bytes ordered = GsymHeader.inItsByteOrder(file);
    this.header = GsymHeader.read(ordered);
    AddressTable addresses = new AddressTable(ordered, header);
    this.strings = new StringTable(ordered, header);
    this.files = new FileTable(ordered, addresses.endOffset(), strings);
    this.functions = new FunctionTable(ordered, addresses);
    this.symbols = new GsymSymbols(functions, addresses, strings);
  }

  /**
   * Opens a file, plain (it is mapped) or compressed with xz (it is unpacked into memory).
   *
   * @throws IOException when the file cannot be read
   * @throws dropsite.bytes.MalformedInputException when it is not a GSYM file of version 1
   */
  public static GsymFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try {
      GsymFile file = new GsymFile(path.toString(), arena, GsymSource.read(path, arena));
      opened = true;
      return file;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  @Override
  public String file() {
    return name;
  }

  /** Returns the UUID in the file's header, which is the image's build-id. */
  @Override
  public Optional<String> buildId() {
    return header.uuid().isEmpty() ? Optional.empty() : Optional.of(header.uuid());
  }

  @Override
  public List<SourceFrame> frames(long linkAddress) {
    FunctionTable.Covering covering = functions.covering(linkAddress);
    if (covering == null) {
      return List.of();
    }
    Symbol symbol = symbols.symbolOf(covering.nearest());
    FunctionInfo source = covering.source();
    if (source == null) {
      return List.of(new SourceFrame(null, symbol.name(), null, 0, 0, 0, false));
    }
    LineTable.Row row = row(source, linkAddress);
    List<InlineTree.Call> calls = inlinedCalls(source, linkAddress);
    List<SourceFrame> frames = new ArrayList<>(calls.size() + 1);
    @Nullable String file = row == null ? null : files.path(row.file());
    int line = row == null ? 0 : row.line();
    // Calls are outermost first, frames innermost first; each call tells the line of its caller.
    for (InlineTree.Call call : calls.reversed()) {
      frames.add(new SourceFrame(strings.at(call.nameOffset()), null, file, line, 0, 0, true));
      file = files.path(call.callFile());
      line = call.callLine();
    }
    frames.add(
        new SourceFrame(strings.at(source.nameOffset()), symbol.name(), file, line, 0, 0, false));
    return List.copyOf(frames);
  }

  /** Returns an empty list for each frame: the format has no place for arguments. */
  @Override
  public List<List<ConstantArgument>> constantArguments(long linkAddress) {
    return Collections.nCopies(frames(linkAddress).size(), List.of());
  }

  /** Returns nothing: the format has no place for types. */
  @Override
  public Map<String, Long> enumerators(String enumName) {
    return Map.of();
  }

  @Override
  public SymbolIndex symbols() {
    return symbols;
  }

  /** Returns false: the addresses of a GSYM file are one space. */
  @Override
  public boolean relocatable() {
    return false;
  }

  /** Returns nothing: the format has no place for sections. */
  @Override
  public Optional<Long> addressIn(String section, long offsetBytes) {
    return Optional.empty();
  }

  @Override
  public void close() {
    arena.close();
  }

  private LineTable.@Nullable Row row(FunctionInfo function, long address) {
    FunctionInfo.Part lines = function.lines();
    return lines == null
        ? null
        : LineTable.covering(lines.cursor(functions.bytes()), function.start(), address);
  }

  private List<InlineTree.Call> inlinedCalls(FunctionInfo function, long address) {
    FunctionInfo.Part inlined = function.inlined();
    return inlined == null
        ? List.of()
        : InlineTree.covering(inlined.cursor(functions.bytes()), function.start(), address);
  }
}
