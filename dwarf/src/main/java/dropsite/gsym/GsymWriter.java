package dropsite.gsym;

import dropsite.bytes.ByteSink;
import dropsite.symbols.CodeRegion;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects regions of code and writes them as a GSYM file, version 1, little-endian ({@code
 * llvm/DebugInfo/GSYM}): every region becomes a function information of its own, so that its name
 * holds for all of its addresses.
 *
 * <p>Regions are encoded when they come, by whichever thread brings them; only the encoded bytes
 * are kept. The file depends on the regions alone, not on the order in which they come.
 */
public final class GsymWriter {
  /** llvm-gsymutil asks for this alignment of function informations. */
  private static final int ALIGNMENT = 4;

  private final StringPool strings = new StringPool();
  private final StringPool files = new StringPool();
  private final List<EncodedRegion> regions = new ArrayList<>();
  private @Nullable Layout layout;

  /** Adds a region; regions must not overlap. May be called by several threads. */
  public void add(CodeRegion region) {
    EncodedRegion encoded = RegionEncoder.encode(region, strings, files);
    synchronized (regions) {
      regions.add(encoded);
    }
  }

  /** Returns the number of regions added. */
  public int regionCount() {
    synchronized (regions) {
      return regions.size();
    }
  }

  /**
   * Does what there is to do before the first byte is written: {@link #write} does it otherwise.
   * Nothing may be added afterwards.
   *
   * @throws IllegalStateException when nothing was added
   */
  public void layOut() {
    laidOut();
  }

  private Layout laidOut() {
    synchronized (regions) {
      Layout known = layout;
      if (known == null) {
        if (regions.isEmpty()) {
          throw new IllegalStateException("nothing to write");
        }
        regions.sort((a, b) -> Long.compareUnsigned(a.low(), b.low()));
        known = new Layout();
        layout = known;
      }
      return known;
    }
  }

  /**
   * Writes the file.
   *
   * @param buildId lower-case hex, at most 20 bytes are kept; empty when there is none
   * @throws IOException when the output cannot be written
   * @throws IllegalStateException when nothing was added, or it needs more than 4 GiB
   */
  public void write(OutputStream out, String buildId) throws IOException {
    Layout laid = laidOut();
    out.write(laid.header(HexFormat.of().parseHex(buildId)));
    out.write(laid.addressTable());
    out.write(laid.informationOffsets());
    out.write(laid.fileTable);
    out.write(laid.stringTable);
    out.write(new byte[laid.padding]);
    for (byte[] information : laid.informations) {
      out.write(information);
    }
  }

  /** Where each part of the file lies. */
  private final class Layout {
    private final long base = regions.getFirst().low();
    private final int offsetBytes = offsetBytes(regions.getLast().low() - base);
    private final List<byte[]> informations = new ArrayList<>(regions.size());
    private final byte[] fileTable;
    private final byte[] stringTable;
    private final long stringsOffset;
    private final long stringsEnd;
    private final int padding;

    Layout() {
      // In the order of addresses, so that names are numbered alike whichever thread came first.
      NameTables names = new NameTables(strings, files);
      for (EncodedRegion region : regions) {
        informations.add(region.placed(names));
      }
      fileTable = names.fileTable();
      stringTable = names.stringTable();
      long informationOffsets =
          align(GsymHeader.SIZE_BYTES + (long) regions.size() * offsetBytes, ALIGNMENT);
      stringsOffset = informationOffsets + 4L * regions.size() + fileTable.length;
      stringsEnd = stringsOffset + stringTable.length;
      padding = (int) (align(stringsEnd, ALIGNMENT) - stringsEnd);
    }

    byte[] header(byte[] buildId) {
      byte[] kept = Arrays.copyOf(buildId, Math.min(buildId.length, GsymHeader.MAX_UUID_SIZE));
      ByteSink header = new ByteSink();
      header.u32(GsymHeader.MAGIC);
      header.u16(GsymHeader.SUPPORTED_VERSION);
      header.u8(offsetBytes);
      header.u8(kept.length);
      header.u64(base);
      header.u32(regions.size());
      header.u32(checked(stringsOffset));
      header.u32(checked(stringsEnd - stringsOffset));
      header.raw(kept);
      return header.padded(GsymHeader.SIZE_BYTES);
    }

    byte[] addressTable() {
      ByteSink table = new ByteSink();
      for (EncodedRegion region : regions) {
        long offset = region.low() - base;
        switch (offsetBytes) {
          case 1 -> table.u8((int) offset);
          case 2 -> table.u16((int) offset);
          case 4 -> table.u32((int) offset);
          default -> table.u64(offset);
        }
      }
      return table.padded(ALIGNMENT);
    }

    byte[] informationOffsets() {
      ByteSink table = new ByteSink();
      long at = stringsEnd + padding;
      for (byte[] information : informations) {
        table.u32(checked(at));
        at += information.length;
      }
      return table.padded(ALIGNMENT);
    }
  }

  private static int offsetBytes(long largest) {
    if (Long.compareUnsigned(largest, 0xff) <= 0) {
      return 1;
    }
    if (Long.compareUnsigned(largest, 0xffff) <= 0) {
      return 2;
    }
    return Long.compareUnsigned(largest, 0xffffffffL) <= 0 ? 4 : 8;
  }

  private static long align(long size, int alignment) {
    return (size + alignment - 1) / alignment * alignment;
  }

  private static int checked(long offset) {
    if (offset >>> Integer.SIZE != 0) {
      throw new IllegalStateException("a GSYM file of version 1 holds at most 4 GiB");
    }
    return (int) offset;
  }
}
