package dropsite.gsym;

import dropsite.bytes.Bytes;
import dropsite.symbols.CallSite;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.SymbolIndex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A symbol file in the GSYM format, version 1, as {@code llvm-gsymutil} of LLVM 22 writes it: a
 * small stand-in for an image's DWARF.
 *
 * <p>It answers function, file, line, inlined calls and, where they are recorded, call sites. What
 * the format cannot hold is answered as absent: columns, discriminators, constant arguments,
 * enumerators and sections. A lookup searches the address table in place and decodes one function;
 * the rest of the file is not touched.
 */
public final class GsymFile implements DebugSymbols {
  private final String name;
  private final Arena arena;
  private final Bytes bytes;
  private final GsymHeader header;
  private final FunctionFinder finder;
  private final FileTable files;
  private final StringTable strings;
  private final GsymSymbols symbols;

  private GsymFile(String name, Arena arena, Bytes file) {
    this.name = name;
    this.arena = arena;
    Bytes ordered = GsymHeader.inItsByteOrder(file);
    this.bytes = ordered;
    this.header = GsymHeader.read(ordered);
    AddressTable addresses = new AddressTable(ordered, header);
    this.strings = new StringTable(ordered, header);
    this.files = new FileTable(ordered, addresses.endOffset(), strings);
    FunctionTable functions = new FunctionTable(ordered, addresses);
    this.finder = new FunctionFinder(functions, addresses, strings);
    this.symbols = new GsymSymbols(functions, addresses, strings, finder);
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

  /** Returns the whole file, unpacked. */
  public Bytes bytes() {
    return bytes;
  }

  /** Returns the UUID in the file's header, which is the image's build-id. */
  @Override
  public Optional<String> buildId() {
    return header.uuid().isEmpty() ? Optional.empty() : Optional.of(header.uuid());
  }

  @Override
  public List<SourceFrame> frames(long linkAddress) {
    FunctionFinder.Covering covering = finder.covering(linkAddress);
    if (covering == null) {
      return List.of();
    }
    String symbol = covering.nearest().symbolName();
    KnownFunction source = covering.source();
    return source == null
        ? List.of(new SourceFrame(null, symbol, null, 0, 0, 0, false))
        : frames(source, linkAddress - source.start(), symbol);
  }

  private List<SourceFrame> frames(KnownFunction function, long offset, String symbol) {
    @Nullable String file = null;
    int line = 0;
    LineTable lines = finder.lines(function);
    int row = lines == null ? -1 : lines.covering(offset);
    if (lines != null && row >= 0) {
      file = files.path(lines.file(row));
      line = lines.line(row);
    }
    InlineTree calls = finder.calls(function);
    int innermost = calls == null ? InlineTree.ROOT : calls.covering(offset);
    if (calls == null || innermost == InlineTree.ROOT) {
      return List.of(new SourceFrame(function.name(), symbol, file, line, 0, 0, false));
    }
    SourceFrame[] frames = new SourceFrame[calls.depth(innermost) + 1];
    int count = 0;
    for (int call = innermost; call != InlineTree.ROOT; call = calls.caller(call)) {
      frames[count++] = new SourceFrame(calls.name(call, strings), null, file, line, 0, 0, true);
      // Each call tells the line of its caller.
      file = files.path(calls.callFile(call));
      line = calls.callLine(call);
    }
    frames[count] = new SourceFrame(function.name(), symbol, file, line, 0, 0, false);
    return List.of(frames);
  }

  /** Returns an empty list for each frame: the format has no place for arguments. */
  @Override
  public List<List<ConstantArgument>> constantArguments(long linkAddress) {
    return Collections.nCopies(frames(linkAddress).size(), List.of());
  }

  /**
   * Returns the call sites where the file has them. The format has no place for tail calls, and
   * those of a function in several pieces are recorded with each piece.
   */
  @Override
  public List<CallSite> callSites(long linkAddress) {
    return finder.callSites(linkAddress);
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
}
