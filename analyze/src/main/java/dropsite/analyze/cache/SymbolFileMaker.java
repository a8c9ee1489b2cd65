package dropsite.analyze.cache;

import dropsite.dwarf.DwarfFile;
import dropsite.facts.FactsFile;
import dropsite.facts.FactsWriter;
import dropsite.facts.Origin;
import dropsite.gsym.GsymWriter;
import dropsite.symbols.Workers;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/** Makes a symbol file and its sidecar out of debugging information. */
public final class SymbolFileMaker {
  private static final int BUFFER_BYTES = 1 << 16;

  private final GsymWriter symbols = new GsymWriter();
  private final @Nullable FactsWriter facts;
  private final String buildId;
  private long symbolFileBytes;
  private int symbolFileChecksum;

  /**
   * Walks over all code of a kernel.
   *
   * @param withFacts whether there will be a sidecar
   * @param withCallSites whether the symbol file is to have call sites of its own
   */
  public SymbolFileMaker(DwarfFile kernel, boolean withFacts, boolean withCallSites) {
    this.buildId = kernel.buildId().orElse("");
    this.facts = withFacts ? new FactsWriter() : null;
    kernel.forEachRegion(symbols::add, facts, withCallSites);
    if (facts != null && symbols.regionCount() > 0) {
      layOut(facts);
    }
  }

  /** Lays out both files at the same time: each by itself keeps only one processor busy. */
  private void layOut(FactsWriter writer) {
    AtomicBoolean taken = new AtomicBoolean();
    Workers.run(
        2,
        stopped -> {
          if (taken.getAndSet(true)) {
            writer.layOut();
          } else {
            symbols.layOut();
          }
        });
  }

  /** Returns the sidecar's name beside a symbol file. */
  public static Path besides(Path symbolFile) {
    return symbolFile.resolveSibling(symbolFile.getFileName() + FactsFile.SUFFIX);
  }

  /** Returns the number of stretches of code with a name. */
  public int regionCount() {
    return symbols.regionCount();
  }

  /** Writes the symbol file; the output stays open. */
  public void writeSymbols(OutputStream out) throws IOException {
    CRC32C sum = new CRC32C();
    CountedOutput counted = new CountedOutput(new CheckedOutputStream(out, sum));
    OutputStream buffered = new BufferedOutputStream(counted, BUFFER_BYTES);
    symbols.write(buffered, buildId);
    buffered.flush();
    symbolFileBytes = counted.bytes;
    symbolFileChecksum = (int) sum.getValue();
  }

  /**
   * Writes the sidecar of the symbol file written before; the output stays open.
   *
   * @param source the state of the file that both were made from
   */
  public void writeFacts(OutputStream out, FileStamp source) throws IOException {
    FactsWriter writer = facts;
    if (writer == null) {
      throw new IllegalStateException("no facts were asked for");
    }
    writer.write(
        out,
        new Origin(
            buildId, symbolFileBytes, symbolFileChecksum, source.bytes(), source.timeNanos()));
  }

  /** Counts what goes through. */
  private static final class CountedOutput extends FilterOutputStream {
    private long bytes;

    CountedOutput(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      bytes++;
    }

    @Override
    public void write(byte[] array, int offset, int length) throws IOException {
      out.write(array, offset, length);
      bytes += length;
    }
  }
}
