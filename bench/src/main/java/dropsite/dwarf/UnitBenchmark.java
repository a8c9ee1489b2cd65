package dropsite.dwarf;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Time for one pass over a whole unit: its abbreviations, its DIEs, its line program. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class UnitBenchmark {

  /** Decodes the whole abbreviation table. */
  @Benchmark
  public Object abbreviations(LargestUnit state) {
    UnitHeader header = state.unit.header();
    return new Abbreviations(
            state.unit.sections().get(Section.ABBREV).cursor(header.abbreviationsOffset()),
            header.encoding())
        .get(state.lastAbbreviation, state.unit.info().cursor(header.rootOffset()));
  }

  /** Moves over every DIE, attributes unread. */
  @Benchmark
  public int skipDies(LargestUnit state) {
    Die die = state.unit.dieAt(state.unit.header().rootOffset());
    int count = 0;
    while (!die.atEnd()) {
      if (die.next()) {
        die.skipAttributes();
        count++;
      }
    }
    return count;
  }

  /** Moves over the children of the root, with all that is beneath them. */
  @Benchmark
  public int skipTrees(LargestUnit state) {
    Die die = state.unit.children();
    int count = 0;
    while (!die.atEnd() && die.next()) {
      die.skipTree();
      count++;
    }
    return count;
  }

  /** Reads all attributes of every DIE. */
  @Benchmark
  public int readDies(LargestUnit state) {
    Die die = state.unit.dieAt(state.unit.header().rootOffset());
    int count = 0;
    while (!die.atEnd()) {
      if (die.next()) {
        die.read();
        count++;
      }
    }
    return count;
  }

  /** Finds the functions outside of other functions with their ranges. */
  @Benchmark
  public Object functions(LargestUnit state) {
    return FunctionRanges.outermost(state.unit);
  }

  /** Runs the line program. */
  @Benchmark
  public Object lineProgram(LargestUnit state) {
    Die.Value offset = state.unit.root().value(Dw.AT_STMT_LIST);
    return offset == null ? LineTable.EMPTY : LineProgram.read(state.unit, offset.raw());
  }
}
