package dropsite.analyze.kernel;

import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.input.StackEvent;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Several kernels, one of which stacks may be from: the one that they fit best. */
public final class KernelCandidates implements AutoCloseable {
  private final List<Kernel> kernels = new ArrayList<>();

  private record Kernel(DebugSymbols symbols, String release, StackFit fit) {

    Score score() {
      boolean possible = !fit.isOutOfReach();
      return new Score(
          symbols.file(),
          release,
          symbols.buildId().orElse(null),
          possible ? fit.fitting() : 0,
          possible ? fit.contrary() : 0,
          possible,
          possible ? fit.slideBytes() : null);
    }
  }

  /**
   * How well stacks fit one kernel.
   *
   * @param file as found
   * @param release as {@code uname -r} prints it; empty when the file does not tell
   * @param buildId lower-case hex; null when the file has none
   * @param fitting how many different frames fit
   * @param contrary how many different frames cannot be of this kernel
   * @param possible whether a kernel of this processor can have the stacks' addresses; if not, it
   *     is not scored
   * @param slideBytes by how much the kernel was moved, if stacks of bare addresses tell; else null
   */
  public record Score(
      String file,
      String release,
      @Nullable String buildId,
      int fitting,
      int contrary,
      boolean possible,
      @Nullable Long slideBytes) {}

  /** Finds the kernels among the files of a folder and the folders in it, by what they hold. */
  public static KernelCandidates in(Path folder, IndexCache cache) throws IOException {
    KernelCandidates candidates = new KernelCandidates();
    try {
      for (Path file : KernelFiles.candidates(folder)) {
        if (KernelFiles.isKernel(file)) {
          candidates.add(SymbolFiles.open(file, cache), KernelRelease.of(file).name());
        }
      }
    } catch (IOException | RuntimeException e) {
      candidates.close();
      throw e;
    }
    return candidates;
  }

  /** Adds a kernel; it is closed with this. */
  void add(DebugSymbols symbols, String release) {
    kernels.add(new Kernel(symbols, release, new StackFit(symbols)));
  }

  /** Returns whether there is no kernel to compare with. */
  public boolean isEmpty() {
    return kernels.isEmpty();
  }

  /** Compares a stack with every kernel. */
  public void add(StackEvent stack) {
    kernels.forEach(kernel -> kernel.fit().add(stack));
  }

  /** Returns what the stacks so far say, the kernel that fits best first. */
  public List<Score> ranked() {
    return kernels.stream()
        .map(Kernel::score)
        .sorted(
            Comparator.comparing(Score::possible)
                .thenComparingInt(Score::fitting)
                .reversed()
                .thenComparingInt(Score::contrary)
                .thenComparing(Score::file))
        .toList();
  }

  /**
   * Returns the kernel that the stacks are from: the one that fits best, if it is clearly ahead by
   * the rule of {@link SlideInference}. Files of the same build-id do not stand in each other's
   * way.
   */
  public Optional<Score> winner() {
    List<Score> ranked = ranked();
    if (ranked.isEmpty() || ranked.getFirst().fitting() <= ranked.getFirst().contrary()) {
      return Optional.empty();
    }
    Score best = ranked.getFirst();
    int runnerUp = 0;
    for (Score other : ranked.subList(1, ranked.size())) {
      if (best.buildId() == null || !best.buildId().equals(other.buildId())) {
        runnerUp = Math.max(runnerUp, other.fitting());
      }
    }
    return best.fitting() >= runnerUp + SlideInference.LEAD ? Optional.of(best) : Optional.empty();
  }

  @Override
  public void close() {
    kernels.forEach(kernel -> kernel.symbols().close());
  }
}
