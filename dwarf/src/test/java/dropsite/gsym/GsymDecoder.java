package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.gsym.GsymImage.Function;
import dropsite.gsym.GsymImage.Node;
import dropsite.gsym.GsymImage.Range;
import dropsite.gsym.GsymImage.Row;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes a whole GSYM file, line by line and call by call; for files that can be trusted. */
final class GsymDecoder {
  private final Bytes file;
  private final StringTable strings;
  private final FileTable files;
  private final FunctionTable functions;
  private final GsymHeader header;

  private GsymDecoder(Bytes anyOrder) {
    this.file = GsymHeader.inItsByteOrder(anyOrder);
    this.header = GsymHeader.read(file);
    AddressTable addresses = new AddressTable(file, header);
    this.strings = new StringTable(file, header);
    this.files = new FileTable(file, addresses.endOffset(), strings);
    this.functions = new FunctionTable(file, addresses);
  }

  static GsymImage decode(Path path) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      return new GsymDecoder(GsymSource.read(path, arena)).image();
    }
  }

  private GsymImage image() {
    List<Function> decoded = new ArrayList<>();
    for (int i = 0; i < functions.count(); i++) {
      decoded.add(function(functions.at(i)));
    }
    return new GsymImage(file.bigEndian(), header.uuid(), header.baseAddress(), decoded);
  }

  private Function function(FunctionInfo info) {
    List<Function> merged = new ArrayList<>();
    MergedFunctions.forEach(file, info, one -> merged.add(function(one)));
    return new Function(
        info.start(),
        info.sizeBytes(),
        strings.at(info.nameOffset()),
        info.lines() == null ? List.of() : rows(info.lines().cursor(file), info.start()),
        info.inlined() == null ? null : node(info.inlined().cursor(file), info.start()),
        merged);
  }

  private List<Row> rows(ByteCursor cursor, long start) {
    int minDelta = (int) cursor.sleb();
    int range = (int) cursor.sleb() - minDelta + 1;
    int line = (int) cursor.uleb();
    long address = start;
    long number = 1;
    List<Row> rows = new ArrayList<>();
    for (int opcode = cursor.u8(); opcode != 0; opcode = cursor.u8()) {
      switch (opcode) {
        case 1 -> number = cursor.uleb();
        case 3 -> line += (int) cursor.sleb();
        default -> {
          if (opcode == 2) {
            address += cursor.uleb();
          } else {
            line += minDelta + (opcode - 4) % range;
            address += (opcode - 4) / range;
          }
          rows.add(new Row(address, files.path(number), line));
        }
      }
    }
    return rows;
  }

  private @Nullable Node node(ByteCursor cursor, long base) {
    long count = cursor.uleb();
    if (count == 0) {
      return null;
    }
    List<Range> ranges = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      ranges.add(new Range(base + cursor.uleb(), cursor.uleb()));
    }
    boolean hasChildren = cursor.u8() != 0;
    String name = strings.at(cursor.u32());
    String callFile = files.path(cursor.uleb());
    int callLine = (int) cursor.uleb();
    List<Node> children = new ArrayList<>();
    while (hasChildren) {
      Node child = node(cursor, ranges.getFirst().start());
      if (child == null) {
        break;
      }
      children.add(child);
    }
    return new Node(name, callFile, callLine, ranges, children);
  }
}
