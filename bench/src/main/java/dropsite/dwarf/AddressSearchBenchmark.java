package dropsite.dwarf;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Time per address, shuffled, in a unit whose functions and lines have been read. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AddressSearchBenchmark {

  /** Which function covers it. */
  @Benchmark
  @OperationsPerInvocation(LargestUnit.ADDRESSES)
  public long function(LargestUnit state) {
    long sum = 0;
    for (long address : state.addresses) {
      sum += state.unit.functionAt(address, false);
    }
    return sum;
  }

  /** Which row of the line table covers it. */
  @Benchmark
  @OperationsPerInvocation(LargestUnit.ADDRESSES)
  public long lineRow(LargestUnit state) {
    LineTable lines = state.unit.lines();
    long sum = 0;
    for (long address : state.addresses) {
      sum += lines.rowAt(address);
    }
    return sum;
  }
}
