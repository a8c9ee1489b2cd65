package dropsite.dwarf;

import dropsite.bytes.MalformedInputException;
import dropsite.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The largest unit of a file, which every benchmark of this room works on. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else.
public class LargestUnit {
  static final int ADDRESSES = 1 << 12;

  /** Path of the file, from the root of the tree. */
  @Param("testdata/fixtures/bin/gcc-v5")
  public String file;

  private ElfImage image;
  private DebugFiles debugFiles;
  Unit unit;
  long lastAbbreviation;

  /** Code addresses of the unit, shuffled. */
  long[] addresses;

  /** Opens the file and finds the unit. */
  @Setup
  public void open() throws IOException {
    Path path = Path.of(file);
    image = ElfImage.open(path);
    debugFiles = new DebugFiles(path);
    DwarfObject object = new DwarfObject(Sections.plain(image), image, debugFiles);
    unit = object.unitAt(largest(object));
    lastAbbreviation = lastAbbreviation(unit);
    addresses = addresses(unit);
  }

  /** Closes it. */
  @TearDown
  public void close() {
    debugFiles.close();
    image.close();
  }

  private static long largest(DwarfObject object) {
    long best = 0;
    long bestSize = -1;
    for (long offset : object.unitOffsets()) {
      UnitHeader header =
          UnitHeader.read(object.sections().get(Section.INFO).cursor(offset), false);
      if (!header.isType() && header.end() - offset > bestSize) {
        best = offset;
        bestSize = header.end() - offset;
      }
    }
    return best;
  }

  /** Compilers number abbreviations from 1 on. */
  private static long lastAbbreviation(Unit unit) {
    long code = 1;
    while (true) {
      try {
        unit.abbreviations().get(code, unit.info().cursor(unit.header().rootOffset()));
      } catch (MalformedInputException _) {
        return code - 1;
      }
      code++;
    }
  }

  private static long[] addresses(Unit unit) {
    long[] bounds = {-1, 0};
    new RangeReader(unit)
        .ranges(
            unit.root(),
            (low, high) -> {
              if (high - low > bounds[1] - bounds[0]) {
                bounds[0] = low;
                bounds[1] = high;
              }
            });
    if (bounds[0] == -1) {
      throw new IllegalArgumentException("the largest unit of the file has no code");
    }
    return new Random(1).longs(ADDRESSES, bounds[0], bounds[1]).toArray();
  }
}
