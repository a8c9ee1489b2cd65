package dropsite.gsym;

import dropsite.bytes.ByteSink;
import dropsite.symbols.CodeRegion;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes one region as a function information, padded to 4 bytes. */
final class RegionEncoder {
  /** Line deltas that special opcodes can hold; compilers step forward more than back. */
  private static final int MIN_DELTA = -4;

  private static final int MAX_DELTA = 10;
  private static final int DELTAS = MAX_DELTA - MIN_DELTA + 1;

  private final StringPool strings;
  private final StringPool files;
  private final EncodedRegion encoded;
  private final ByteSink out;

  private RegionEncoder(StringPool strings, StringPool files, long low) {
    this.strings = strings;
    this.files = files;
    this.encoded = new EncodedRegion(low);
    this.out = encoded.out();
  }

  /** Encodes a region; names of functions and paths of files are added to the pools. */
  static EncodedRegion encode(CodeRegion region, StringPool strings, StringPool files) {
    RegionEncoder encoder = new RegionEncoder(strings, files, region.low());
    encoder.encode(region);
    return encoder.encoded.trimmed();
  }

  private void encode(CodeRegion region) {
    out.u32((int) (region.high() - region.low()));
    encoded.string(strings.number(region.name()));
    if (!region.rows().isEmpty()) {
      encoded.startPart(FunctionInfo.LINE_TABLE);
      lines(region);
      encoded.endPart();
    }
    if (!region.calls().isEmpty()) {
      encoded.startPart(FunctionInfo.INLINED_CALLS);
      List<CodeRegion.Range> whole = List.of(new CodeRegion.Range(region.low(), region.high()));
      call(new CodeRegion.Call(region.name(), null, 0, whole, region.calls()), region.low());
      encoded.endPart();
    }
    if (!region.callSites().isEmpty()) {
      encoded.startPart(FunctionInfo.CALL_SITES);
      CallSiteList.encode(region.callSites(), region.low(), encoded, strings);
      encoded.endPart();
    }
    out.u32(FunctionInfo.END_OF_LIST);
    out.u32(0);
  }

  private void file(@Nullable String path) {
    if (path == null) {
      out.u8(0);
    } else {
      encoded.file(files.number(path));
    }
  }

  private void lines(CodeRegion region) {
    out.sleb(MIN_DELTA);
    out.sleb(MAX_DELTA);
    int line = region.rows().getFirst().line();
    out.uleb(line);
    long address = region.low();
    // A table begins with file 1; which one that will be is not known yet.
    boolean first = true;
    @Nullable String file = null;
    for (CodeRegion.Row row : region.rows()) {
      if (first || !Objects.equals(row.file(), file)) {
        out.u8(LineTable.SET_FILE);
        file(row.file());
        file = row.file();
        first = false;
      }
      int lineDelta = row.line() - line;
      if (lineDelta < MIN_DELTA || lineDelta > MAX_DELTA) {
        out.u8(LineTable.ADVANCE_LINE);
        out.sleb(lineDelta);
        lineDelta = 0;
      }
      long addressDelta = row.address() - address;
      long special = LineTable.FIRST_SPECIAL + (lineDelta - MIN_DELTA) + addressDelta * DELTAS;
      if (addressDelta > 255 / DELTAS || special > 255) {
        if (lineDelta != 0) {
          out.u8(LineTable.ADVANCE_LINE);
          out.sleb(lineDelta);
        }
        out.u8(LineTable.ADVANCE_ADDRESS);
        out.uleb(addressDelta);
      } else {
        out.u8((int) special);
      }
      line = row.line();
      address = row.address();
    }
    out.u8(LineTable.END_SEQUENCE);
  }

  /** Ranges count from the start of the parent's first range (InlineInfo.cpp). */
  private void call(CodeRegion.Call call, long base) {
    out.uleb(call.ranges().size());
    for (CodeRegion.Range range : call.ranges()) {
      out.uleb(range.low() - base);
      out.uleb(range.high() - range.low());
    }
    out.u8(call.calls().isEmpty() ? 0 : 1);
    encoded.string(strings.number(call.function()));
    file(call.callFile());
    out.uleb(call.callLine());
    if (!call.calls().isEmpty()) {
      long own = call.ranges().getFirst().low();
      for (CodeRegion.Call inner : call.calls()) {
        call(inner, own);
      }
      out.uleb(0);
    }
  }
}
