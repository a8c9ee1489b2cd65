package dropsite.gsym;

import dropsite.symbols.Symbol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Time per address, shuffled, in a GSYM file of a whole kernel. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else.
public class GsymLookupBenchmark {
  private static final int ADDRESSES = 1 << 17;

  /** Path of the file, from the root of the tree. */
  @Param("testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz")
  public String gsym;

  private GsymFile file;
  private final long[] addresses = new long[ADDRESSES];

  /** Opens the file and draws addresses within its functions. */
  @Setup
  public void open() throws IOException {
    file = GsymFile.open(Path.of(gsym));
    List<Symbol> functions = file.symbols().functions();
    Random random = new Random(1);
    for (int i = 0; i < ADDRESSES; i++) {
      Symbol function = functions.get(random.nextInt(functions.size()));
      addresses[i] = function.linkAddress() + random.nextLong(function.sizeBytes());
    }
  }

  /** Closes it. */
  @TearDown
  public void close() {
    file.close();
  }

  /** Which function covers it. */
  @Benchmark
  @OperationsPerInvocation(ADDRESSES)
  public int symbol() {
    int sum = 0;
    for (long address : addresses) {
      sum += file.symbols().covering(address).isPresent() ? 1 : 0;
    }
    return sum;
  }

  /** Its whole answer: chain, files and lines. */
  @Benchmark
  @OperationsPerInvocation(ADDRESSES)
  public int frames() {
    int sum = 0;
    for (long address : addresses) {
      sum += file.frames(address).size();
    }
    return sum;
  }

  /** The whole answers of all, looked up together on all processors. */
  @Benchmark
  @OperationsPerInvocation(ADDRESSES)
  public void framesOfAll(Blackhole taken) {
    file.frames(addresses, () -> (question, frames) -> taken.consume(frames));
  }
}
