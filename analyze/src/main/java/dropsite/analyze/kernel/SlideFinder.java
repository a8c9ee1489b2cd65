package dropsite.analyze.kernel;

import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.SlideInference.Candidate;
import dropsite.analyze.kernel.SlideInference.Ranking;
import dropsite.symbols.DebugSymbols;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds how far the kernel was moved, stack by stack, and never guesses.
 *
 * <p>In this order: what is recorded holds for all stacks but those that it does not fit, while
 * another slide that is found without it does ({@link #checked}); what most pairs of name and
 * address in the stack say; a slide that an earlier stack of the same input had, if it is the only
 * one of those that fits: a return address of this stack stands behind a call, and none where no
 * call can be; and what the stack's return addresses say by themselves ({@link SlideInference}).
 * Program counters, unreliable frames and frames of modules say nothing. Otherwise the slide is not
 * known.
 */
final class SlideFinder {
  /** Boots that one input is from, at most; the journal of a month has fewer. */
  private static final int MOST_BOOTS = 64;

  /** By chance one return address in twenty stands behind a call. */
  private static final long MISFITS_FOR_EACH_FIT = 3;

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
  private long otherBoot;
  private @Nullable Slide firstOther;
  private long doubted;
  private @Nullable String firstMisfit;

  /**
   * @param recorded null when nothing is
   * @param elsewhere which run-time addresses are known not to be the kernel's own
   */
  SlideFinder(@Nullable DebugSymbols vmlinux, @Nullable Slide recorded, LongPredicate elsewhere) {
    this.vmlinux = vmlinux;
    this.recorded = recorded == null ? null : FoundSlide.of(recorded);
    this.elsewhere = elsewhere;
  }

  /** Returns the slide that was recorded, or null. */
  @Nullable Slide recorded() {
    return recorded == null ? null : recorded.slide();
  }

  /** Returns what speaks against the recorded slide, a sentence's part; empty when nothing. */
  Optional<String> doubtOfRecorded() {
    Slide known = recorded();
    Slide other = firstOther;
    if (known == null || (other == null && firstMisfit == null)) {
      return Optional.empty();
    }
    String stacks = (other == null ? doubted : otherBoot) + " stack";
    stacks += (other == null ? doubted : otherBoot) == 1 ? "" : "s";
    return Optional.of(
        other == null
            ? "is perhaps of another boot than "
                + stacks
                + ", resolved by it all the same: "
                + firstMisfit
            : String.format(
                "is of another boot than %s, for which neither its slide, 0x%x, nor its modules are"
                    + " used: the kernel was moved by 0x%x, %s",
                stacks, known.bytes(), other.bytes(), other.inWords()));
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
    if (recorded != null) {
      return votes.misfits() < fewestMisfits() ? recorded : checked(recorded, frames, votes);
    }
    FoundSlide found = search(frames, votes);
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
      return byNames(byNames);
    }
    return vmlinux == null ? FoundSlide.NOTHING : infer(vmlinux, frames);
  }

  private FoundSlide byNames(Slide slide) {
    if (slide.provesImage()) {
      learn(slide);
    }
    return FoundSlide.of(slide);
  }

  /** So many return addresses speak against what is recorded; one, once another boot is known. */
  private int fewestMisfits() {
    return earlier.isEmpty() ? SlideInference.LEAD : 1;
  }

  /**
   * Returns whether a frame's return address stands where no call returns to, as the kernel was
   * moved by what is recorded.
   */
  boolean misfits(StackFrame frame) {
    if (recorded == null || vmlinux == null) {
      return false;
    }
    open(vmlinux);
    ReturnSites places = sites;
    return places != null
        && kernelAddresses(List.of(frame), places).stream()
            .anyMatch(address -> misfits(address, places));
  }

  private boolean misfits(long address, ReturnSites places) {
    Slide slide = recorded();
    long linkAddress = slide == null ? address : address - slide.bytes();
    return !places.inText(linkAddress) || places.verdict(linkAddress) == ReturnSites.Verdict.NONE;
  }

  /**
   * Returns another slide than the recorded one, when the return addresses speak against that and
   * for the other; else the recorded one, with a doubt when they speak against it all the same.
   */
  private FoundSlide checked(FoundSlide known, List<StackFrame> frames, SlideVotes votes) {
    Slide slide = known.slide();
    ReturnSites places = sites;
    SlideInference by = inference;
    if (slide == null || places == null || by == null) {
      return known;
    }
    List<Long> addresses = kernelAddresses(frames, places);
    Candidate judged = by.judged(slide.bytes(), addresses);
    long against = addresses.stream().filter(address -> misfits(address, places)).count();
    if (against < fewestMisfits() || against < MISFITS_FOR_EACH_FIT * judged.score()) {
      return known;
    }
    FoundSlide other = other(by, judged, addresses, votes);
    if (other.slide() != null && other.slide().bytes() != slide.bytes()) {
      otherBoot++;
      firstOther = firstOther == null ? other.slide() : firstOther;
      return other;
    }
    // Where other things than the kernel may be, what lies outside of it says nothing alone.
    if (judged.against() < SlideInference.LEAD) {
      return known;
    }
    String misfit =
        String.format(
            "its slide, 0x%x, puts %d of %d return addresses behind calls and %d where no call"
                + " returns to",
            slide.bytes(), judged.score(), addresses.size(), judged.against());
    doubted++;
    firstMisfit = firstMisfit == null ? misfit : firstMisfit;
    return new FoundSlide(slide, misfit);
  }

  /** Returns the slide of a stack by itself, as if none was recorded. */
  private FoundSlide other(
      SlideInference by, Candidate known, List<Long> addresses, SlideVotes votes) {
    Slide byNames = votes.majority();
    if (byNames != null && by.judged(byNames.bytes(), addresses).score() > known.score()) {
      return byNames(byNames);
    }
    return remembered(by, addresses);
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
    List<Long> addresses = kernelAddresses(frames, places);
    return addresses.isEmpty() ? FoundSlide.NOTHING : remembered(by, addresses);
  }

  private List<Long> kernelAddresses(List<StackFrame> frames, ReturnSites places) {
    KernelMachine machine = places.machine();
    return returnAddresses(
        frames, address -> machine.mayHoldKernel(address) && !elsewhere.test(address));
  }

  private FoundSlide remembered(SlideInference by, List<Long> addresses) {
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
