package dropsite.gsym;

import dropsite.gsym.GsymImage.Function;
import dropsite.gsym.GsymImage.Node;
import dropsite.gsym.GsymImage.Range;
import dropsite.gsym.GsymImage.Row;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes GSYM version 1 in either byte order, laid out as {@code llvm-gsymutil} does. */
final class GsymEncoder {
  static final String PADDING_PREFIX = "__pfx_";
  private static final int UUID_BYTES = 20;

  /** Line deltas that one opcode can express; fixed, because equal code then has equal bytes. */
  private static final int MIN_DELTA = -4;

  private static final int MAX_DELTA = 10;
  private static final int DELTAS = MAX_DELTA - MIN_DELTA + 1;

  private final GsymImage image;
  private final Map<String, Integer> strings = new LinkedHashMap<>();
  private final GsymOutput stringBytes;
  private final Map<String, Integer> files = new LinkedHashMap<>();

  private GsymEncoder(GsymImage image) {
    this.image = image;
    this.stringBytes = new GsymOutput(image.bigEndian());
    stringBytes.u8(0);
    strings.put("", 0);
  }

  static byte[] encode(GsymImage image) {
    return new GsymEncoder(image).bytes();
  }

  private byte[] bytes() {
    // The name of a function's padding contains the function's own: one string serves both.
    image.functions().stream()
        .map(Function::name)
        .filter(name -> name.startsWith(PADDING_PREFIX))
        .forEach(this::string);
    List<byte[]> infos = new ArrayList<>();
    for (Function function : image.functions()) {
      GsymOutput out = new GsymOutput(image.bigEndian());
      function(out, function);
      infos.add(out.toByteArray());
    }
    List<int[]> fileEntries = new ArrayList<>();
    files.keySet().forEach(path -> fileEntries.add(fileEntry(path)));

    GsymOutput out = new GsymOutput(image.bigEndian());
    int offsetSize = addressOffsetSize();
    int count = image.functions().size();
    int fileTable = align(GsymHeader.SIZE_BYTES + count * offsetSize) + count * Integer.BYTES;
    int stringTable = fileTable + Integer.BYTES + (fileEntries.size() + 1) * 2 * Integer.BYTES;
    header(out, offsetSize, stringTable);
    for (Function function : image.functions()) {
      out.unsigned(function.start() - image.baseAddress(), offsetSize);
    }
    out.align();
    int infoOffset = align(stringTable + stringBytes.size());
    for (byte[] info : infos) {
      out.u32(infoOffset);
      infoOffset = align(infoOffset + info.length);
    }
    out.u32(fileEntries.size() + 1L);
    out.u64(0);
    for (int[] entry : fileEntries) {
      out.u32(entry[0]);
      out.u32(entry[1]);
    }
    out.bytes(stringBytes.toByteArray());
    for (byte[] info : infos) {
      out.align();
      out.bytes(info);
    }
    return out.toByteArray();
  }

  private void header(GsymOutput out, int offsetSize, int stringTable) {
    byte[] uuid = HexFormat.of().parseHex(image.uuid());
    out.u32(0x4753594d);
    out.u16(1);
    out.u8(offsetSize);
    out.u8(uuid.length);
    out.u64(image.baseAddress());
    out.u32(image.functions().size());
    out.u32(stringTable);
    out.u32(stringBytes.size());
    out.bytes(uuid);
    out.bytes(new byte[UUID_BYTES - uuid.length]);
  }

  private int addressOffsetSize() {
    long last =
        image.functions().isEmpty() ? 0 : image.functions().getLast().start() - image.baseAddress();
    int bits = Long.SIZE - Long.numberOfLeadingZeros(last);
    return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
  }

  private void function(GsymOutput out, Function function) {
    out.u32(function.sizeBytes());
    out.u32(string(function.name()));
    if (!function.rows().isEmpty()) {
      part(out, 1, rows(function));
    }
    if (function.inlined() != null) {
      GsymOutput part = new GsymOutput(image.bigEndian());
      node(part, function.inlined(), function.start());
      part(out, 2, part);
    }
    if (!function.merged().isEmpty()) {
      GsymOutput part = new GsymOutput(image.bigEndian());
      part.u32(function.merged().size());
      for (Function merged : function.merged()) {
        GsymOutput one = new GsymOutput(image.bigEndian());
        function(one, merged);
        part.u32(one.size());
        part.bytes(one.toByteArray());
      }
      part(out, 3, part);
    }
    out.u64(0);
  }

  private static void part(GsymOutput out, int type, GsymOutput content) {
    out.u32(type);
    out.u32(content.size());
    out.bytes(content.toByteArray());
  }

  private GsymOutput rows(Function function) {
    GsymOutput out = new GsymOutput(image.bigEndian());
    long address = function.start();
    int file = 1;
    int line = function.rows().getFirst().line();
    out.sleb(MIN_DELTA);
    out.sleb(MAX_DELTA);
    out.uleb(line);
    for (Row row : function.rows()) {
      int number = file(row.file());
      if (number != file) {
        out.u8(1);
        out.uleb(number);
        file = number;
      }
      long advance = row.address() - address;
      long delta = row.line() - (long) line;
      long opcode = delta - MIN_DELTA + advance * DELTAS + 4;
      if (delta >= MIN_DELTA && delta <= MAX_DELTA && advance < 256 && opcode < 256) {
        out.u8((int) opcode);
      } else {
        if (delta != 0) {
          out.u8(3);
          out.sleb(delta);
        }
        out.u8(2);
        out.uleb(advance);
      }
      address = row.address();
      line = row.line();
    }
    out.u8(0);
    return out;
  }

  private void node(GsymOutput out, Node node, long base) {
    out.uleb(node.ranges().size());
    for (Range range : node.ranges()) {
      out.uleb(range.start() - base);
      out.uleb(range.sizeBytes());
    }
    out.u8(node.children().isEmpty() ? 0 : 1);
    out.u32(string(node.name()));
    out.uleb(file(node.callFile()));
    out.uleb(node.callLine());
    if (!node.children().isEmpty()) {
      node.children().forEach(child -> node(out, child, node.ranges().getFirst().start()));
      out.uleb(0);
    }
  }

  private int file(@Nullable String path) {
    return path == null ? 0 : files.computeIfAbsent(path, ignored -> files.size() + 1);
  }

  private int[] fileEntry(String path) {
    int slash = path.lastIndexOf('/');
    String directory = slash == 0 ? "/" : path.substring(0, Math.max(slash, 0));
    return new int[] {string(directory), string(path.substring(slash + 1))};
  }

  private int string(String text) {
    Integer known = strings.get(text);
    if (known != null) {
      return known;
    }
    int offset = stringBytes.size();
    stringBytes.bytes(StringTable.encode(text));
    stringBytes.u8(0);
    strings.put(text, offset);
    if (text.startsWith(PADDING_PREFIX)) {
      strings.putIfAbsent(
          text.substring(PADDING_PREFIX.length()), offset + PADDING_PREFIX.length());
    }
    return offset;
  }

  private static int align(int offset) {
    return (offset + 3) & ~3;
  }
}
