package dropsite.analyze.kernel;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.NamedSymbols.NamedSymbol;
import dropsite.analyze.kernel.ReturnSites.Verdict;
import dropsite.analyze.kernel.SlideInference.Candidate;
import dropsite.analyze.kernel.SlideInference.Ranking;
import dropsite.symbols.DebugSymbols;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How well the frames of stacks fit one image of a kernel, each different frame counted once.
 *
 * <p>A frame with a name fits where a function of this name has its size, if printed, a call
 * returns to its offset, and the address beside it, if printed, is as far from there as those of
 * most other frames. One with an address alone fits where the slide that suits its stack best puts
 * it behind a call. Frames of modules, program counters without a size, and names that the image
 * does not have say nothing: modules have those.
 */
final class StackFit {
  /** Enough to tell any two kernels apart; more need not be kept. */
  private static final int MOST_FRAMES = 1 << 14;

  private final DebugSymbols image;
  private final @Nullable ReturnSites sites;
  private final NamedSymbols names = new NamedSymbols();
  private final Set<Object> fitting = new HashSet<>();
  private final Set<Object> contrary = new HashSet<>();
  private @Nullable Long slideBytes;
  private boolean held;
  private boolean outside;

  StackFit(DebugSymbols image) {
    this.image = image;
    this.sites = ReturnSites.of(image).orElse(null);
  }

  /** Returns how many frames fit. */
  int fitting() {
    return fitting.size();
  }

  /** Returns how many frames cannot be of this image. */
  int contrary() {
    return contrary.size();
  }

  /** Returns by how much the image was moved for the last stack of bare addresses that fits. */
  @Nullable Long slideBytes() {
    return slideBytes;
  }

  /** Returns whether all addresses of the stacks are where this machine has no kernel. */
  boolean isOutOfReach() {
    return outside && !held;
  }

  void add(StackEvent stack) {
    if (sites != null) {
      look(stack.frames(), sites.machine());
    }
    if (fitting.size() + contrary.size() >= MOST_FRAMES) {
      return;
    }
    boolean named = false;
    Slide moved = null;
    for (StackFrame frame : stack.frames()) {
      if (frame.symbol() != null && frame.offsetBytes() >= 0) {
        moved = named ? moved : votes(stack.frames()).majority();
        named = true;
        addNamed(frame, moved);
      }
    }
    if (!named && sites != null) {
      addBare(stack.frames(), sites);
    }
  }

  private void look(List<StackFrame> frames, KernelMachine machine) {
    for (StackFrame frame : frames) {
      Long address = frame.runtimeAddress();
      if (address != null && frame.module() == null && !machine.mayHoldModule(address)) {
        held |= machine.mayHoldKernel(address);
        outside |= !machine.mayHoldKernel(address);
      }
    }
  }

  private SlideVotes votes(List<StackFrame> frames) {
    SlideVotes votes = new SlideVotes();
    for (StackFrame frame : frames) {
      if (mayBeKernel(frame) && frame.symbol() != null && frame.runtimeAddress() != null) {
        List<NamedSymbol> symbols = names.in(image, frame.symbol());
        if (symbols.size() == 1) {
          votes.add(frame.runtimeAddress() - linkAddress(frame, symbols.getFirst()));
        }
      }
    }
    return votes;
  }

  private boolean mayBeKernel(StackFrame frame) {
    Long address = frame.runtimeAddress();
    return frame.module() == null
        && (address == null || sites == null || sites.machine().mayHoldKernel(address));
  }

  private static long linkAddress(StackFrame frame, NamedSymbol symbol) {
    return symbol.symbol().linkAddress() + frame.offsetBytes();
  }

  /**
   * @param moved what most names beside addresses say; null when they do not agree
   */
  private void addNamed(StackFrame frame, @Nullable Slide moved) {
    if (!mayBeKernel(frame) || frame.symbol() == null) {
      return;
    }
    Place place = new Place(frame.symbol(), frame.offsetBytes(), frame.sizeBytes());
    Verdict best = null;
    for (NamedSymbol symbol : names.in(image, frame.symbol())) {
      Long address = frame.runtimeAddress();
      boolean there =
          address == null
              || (moved != null && moved.bytes() == address - linkAddress(frame, symbol));
      Verdict verdict = there ? verdict(frame, symbol) : Verdict.NONE;
      best = best == null || verdict.compareTo(best) < 0 ? verdict : best;
    }
    if (best == Verdict.RETURN) {
      fitting.add(place);
    } else if (best == Verdict.NONE && !frame.unreliable()) {
      contrary.add(place);
    }
  }

  private Verdict verdict(StackFrame frame, NamedSymbol symbol) {
    boolean sized = frame.sizeBytes() != StackFrame.UNKNOWN;
    if (Long.compareUnsigned(frame.offsetBytes(), symbol.roomBytes()) > 0
        || (sized && !symbol.hasSize(frame.sizeBytes()))) {
      return Verdict.NONE;
    }
    if (frame.exact() || sites == null) {
      return sized ? Verdict.RETURN : Verdict.OPEN;
    }
    Verdict there = sites.verdict(linkAddress(frame, symbol));
    return sized && there == Verdict.OPEN ? Verdict.RETURN : there;
  }

  private void addBare(List<StackFrame> frames, ReturnSites places) {
    KernelMachine machine = places.machine();
    List<Long> addresses = SlideFinder.returnAddresses(frames, machine::mayHoldKernel);
    Ranking ranking = SlideInference.ofKernel(places).rank(addresses);
    List<Candidate> candidates = ranking.candidates();
    Long best = candidates.isEmpty() ? null : candidates.getFirst().bytes();
    for (Long address : addresses) {
      Verdict verdict = best == null ? Verdict.NONE : places.verdict(address - best);
      switch (verdict) {
        case RETURN -> fitting.add(address);
        case NONE -> contrary.add(address);
        case OPEN -> {}
      }
    }
    if (ranking.accepted()) {
      slideBytes = best;
    }
  }

  /** A place in a function, as a stack prints it. */
  private record Place(String symbol, long offsetBytes, long sizeBytes) {}
}
