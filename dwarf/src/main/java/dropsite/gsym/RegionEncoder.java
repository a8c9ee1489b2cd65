package dropsite.gsym;

import dropsite.symbols.CodeRegion;
import java.util.List;

/** Encodes one region as a function information, padded to 4 bytes. */
final class RegionEncoder {
  /** Line deltas that special opcodes can hold; compilers step forward more than back. */
  private static final int MIN_DELTA = -4;

  private static final int MAX_DELTA = 10;
  private static final int DELTAS = MAX_DELTA - MIN_DELTA + 1;

  private final StringPool strings;
  private final FilePool files;
  private final Output out = new Output();

  RegionEncoder(StringPool strings, FilePool files) {
    this.strings = strings;
    this.files = files;
  }

  byte[] encode(CodeRegion region) {
    out.u32((int) (region.high() - region.low()));
    out.u32(strings.offset(region.name()));
    if (!region.rows().isEmpty()) {
      int length = startPart(FunctionInfo.LINE_TABLE);
      lines(region);
      endPart(length);
    }
    if (!region.calls().isEmpty()) {
      int length = startPart(FunctionInfo.INLINED_CALLS);
      List<CodeRegion.Range> whole = List.of(new CodeRegion.Range(region.low(), region.high()));
      call(new CodeRegion.Call(region.name(), null, 0, whole, region.calls()), region.low());
      endPart(length);
    }
    out.u32(FunctionInfo.END_OF_LIST);
    out.u32(0);
    return out.padded(4);
  }

  /** Returns where the length goes once it is known. */
  private int startPart(int type) {
    out.u32(type);
    out.u32(0);
    return out.size() - 4;
  }

  private void endPart(int lengthAt) {
    out.set32(lengthAt, out.size() - lengthAt - 4);
  }

  private void lines(CodeRegion region) {
    out.sleb(MIN_DELTA);
    out.sleb(MAX_DELTA);
    int line = region.rows().getFirst().line();
    out.uleb(line);
    long address = region.low();
    int file = 1;
    for (CodeRegion.Row row : region.rows()) {
      int rowFile = files.number(row.file());
      if (rowFile != file) {
        out.u8(LineTable.SET_FILE);
        out.uleb(rowFile);
        file = rowFile;
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
    out.u32(strings.offset(call.function()));
    out.uleb(files.number(call.callFile()));
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
