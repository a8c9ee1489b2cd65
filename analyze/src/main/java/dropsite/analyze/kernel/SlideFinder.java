package dropsite.analyze.kernel;

import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.SlideInference.Candidate;
import dropsite.analyze.kernel.SlideInference.Ranking;
import dropsite.symbols.DebugSymbols;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds how far the kernel was moved, stack by stack, and never guesses.
 *
 * <p>In this order: what is recorded holds for all stacks; what most pairs of name and address in
 * the stack say; a slide that an earlier stack of the same input had, if it is the only one of
 * those that fits: a return address of this stack stands behind a call, and none where no call can
 * be; and what the stack's return addresses say by themselves ({@link SlideInference}). Program
 * counters, unreliable frames and frames of modules say nothing. Otherwise the slide is not known.
 */
final class SlideFinder {
  /** Boots that one input is from, at most; the journal of a month has fewer. */
  private static final int MOST_BOOTS = 64;

  private final @Nullable DebugSymbols vmlinux;
  private final @Nullable FoundSlide recorded;
  private final LongPredicate elsewhere;
  private final List<Slide> earlier = new ArrayList<>();
  private Remembered<List<Long>, FoundSlide> answers = new Remembered<>();
  private @Nullable SlideInference inference;
  private @Nullable ReturnSites sites;
  private boolean opened;
  private long unknown;
  private @Nullable String firstDoubt;

  /**
   * @param recorded null when nothing is
   * @param elsewhere which run-time addresses are known not to be the kernel's own
   */
  SlideFinder(@Nullable DebugSymbols vmlinux, @Nullable Slide recorded, LongPredicate elsewhere) {
    this.vmlinux = vmlinux;
    this.recorded = recorded == null ? null : FoundSlide.of(recorded);
    this.elsewhere = elsewhere;
  }

  /** Returns the slide that holds for all stacks, or null. */
  @Nullable Slide recorded() {
    return recorded == null ? null : recorded.slide();
  }

  /** Returns what was inferred, and why nothing could be, one sentence each. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Slide slide : earlier) {
      if (slide.source() == Slide.Source.INFERRED) {
        notes.add(
            String.format("the kernel was moved by 0x%x: %s", slide.bytes(), slide.inWords()));
      }
    }
    if (firstDoubt != null) {
      notes.add(
          unknown
              + (unknown == 1 ? " stack's slide is" : " stacks' slides are")
              + " not known: "
              + firstDoubt
              + (unknown == 1 ? "" : " (of the first)"));
    }
    return notes;
  }

  FoundSlide find(List<StackFrame> frames, SlideVotes votes) {
    FoundSlide found = recorded != null ? recorded : search(frames, votes);
    // Names that disagree say that the image is of another kernel: that is told elsewhere.
    if (found.doubt() != null && votes.count() == 0) {
      unknown++;
      firstDoubt = firstDoubt == null ? found.doubt() : firstDoubt;
    }
    return found;
  }

  private FoundSlide search(List<StackFrame> frames, SlideVotes votes) {
    Slide byNames = votes.majority();
    if (byNames != null) {
      if (byNames.provesImage()) {
        learn(byNames);
      }
      return FoundSlide.of(byNames);
    }
    return vmlinux == null ? FoundSlide.NOTHING : infer(vmlinux, frames);
  }

  private FoundSlide infer(DebugSymbols file, List<StackFrame> frames) {
    open(file);
    ReturnSites places = sites;
    SlideInference by = inference;
    if (places == null || by == null) {
      boolean bare = frames.stream().anyMatch(frame -> frame.runtimeAddress() != null);
      return bare
          ? FoundSlide.none(
              file.file()
                  + " has neither instructions nor call sites of a known processor, so that it"
                  + " cannot be inferred")
          : FoundSlide.NOTHING;
    }
    KernelMachine machine = places.machine();
    List<Long> addresses =
        returnAddresses(
            frames, address -> machine.mayHoldKernel(address) && !elsewhere.test(address));
    if (addresses.isEmpty()) {
      return FoundSlide.NOTHING;
    }
    FoundSlide known = answers.get(addresses);
    return known != null ? known : answers.put(addresses, infer(by, addresses));
  }

  private FoundSlide infer(SlideInference by, List<Long> addresses) {
    List<Candidate> fitting = new ArrayList<>();
    for (Slide slide : earlier) {
      Candidate candidate = by.judged(slide.bytes(), addresses);
      if (candidate.score() > 0 && candidate.against() == 0) {
        fitting.add(candidate);
      }
    }
    if (fitting.size() == 1) {
      return FoundSlide.of(inferred(fitting.getFirst(), 0));
    }
    Ranking ranking = by.rank(addresses);
    if (!ranking.accepted()) {
      return FoundSlide.none(ranking.doubt());
    }
    Slide slide = inferred(ranking.candidates().getFirst(), ranking.runnerUp());
    learn(slide);
    return FoundSlide.of(slide);
  }

  private static Slide inferred(Candidate candidate, int runnerUp) {
    return new Slide(
        candidate.bytes(), Slide.Source.INFERRED, candidate.score(), candidate.against(), runnerUp);
  }

  private void learn(Slide slide) {
    for (Slide known : earlier) {
      if (known.bytes() == slide.bytes()) {
        return;
      }
    }
    if (earlier.size() < MOST_BOOTS) {
      earlier.add(slide);
      // What had no answer may have one now.
      answers = new Remembered<>();
    }
  }

  /**
   * Returns the different return addresses of a stack, as far as they may be the kernel's own.
   *
   * @param mayBeKernel of a run-time address
   */
  static List<Long> returnAddresses(List<StackFrame> frames, Predicate<Long> mayBeKernel) {
    Set<Long> addresses = new LinkedHashSet<>();
    for (StackFrame frame : frames) {
      Long address = frame.runtimeAddress();
      if (address != null
          && !frame.exact()
          && !frame.unreliable()
          && frame.module() == null
          && mayBeKernel.test(address)) {
        addresses.add(address);
      }
    }
    return List.copyOf(addresses);
  }

  private void open(DebugSymbols file) {
    if (!opened) {
      opened = true;
      sites = ReturnSites.of(file).orElse(null);
      inference = sites == null ? null : SlideInference.ofKernel(sites);
    }
  }
}
