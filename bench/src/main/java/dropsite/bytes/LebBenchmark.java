package dropsite.bytes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time per LEB128, of lengths as .debug_info has them: most have one byte, few more than two. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LebBenchmark {
  private static final int VALUES = 1 << 16;
  private static final int MAX_BYTES = 3;

  private final Arena arena = Arena.ofConfined();
  private Bytes bytes = new Bytes("benchmark", "leb", MemorySegment.NULL, false);

  /** Writes the values. */
  @Setup
  public void write() {
    Random random = new Random(1);
    MemorySegment memory = arena.allocate((long) VALUES * MAX_BYTES);
    long at = 0;
    for (int i = 0; i < VALUES; i++) {
      int draw = random.nextInt(100);
      int length = draw < 85 ? 1 : draw < 97 ? 2 : MAX_BYTES;
      for (int k = 1; k <= length; k++) {
        int more = k < length ? 0x80 : 0;
        memory.set(ValueLayout.JAVA_BYTE, at++, (byte) (random.nextInt(0x80) | more));
      }
    }
    bytes = new Bytes("benchmark", "leb", memory.asSlice(0, at), false);
  }

  /** Frees them. */
  @TearDown
  public void close() {
    arena.close();
  }

  /** Decodes unsigned values. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long uleb() {
    ByteCursor cursor = bytes.cursor(0);
    long sum = 0;
    while (cursor.hasRemaining()) {
      sum += cursor.uleb();
    }
    return sum;
  }

  /** Decodes signed values. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long sleb() {
    ByteCursor cursor = bytes.cursor(0);
    long sum = 0;
    while (cursor.hasRemaining()) {
      sum += cursor.sleb();
    }
    return sum;
  }

  /** Moves over values. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long skip() {
    ByteCursor cursor = bytes.cursor(0);
    while (cursor.hasRemaining()) {
      cursor.skipLeb();
    }
    return cursor.position();
  }
}
