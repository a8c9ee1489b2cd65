package dropsite.analyze.stack;

import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.CallLink.Kind;
import dropsite.symbols.CallSite;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the calls around a frame which of several functions of its name it is in: the one that
 * the frame below calls, or the only one that may have called the frame above. Else all stay.
 */
final class NameChoice {
  /** Functions of more than these are of a name that tells nothing. */
  private static final int MOST_CANDIDATES = 16;

  /** A tracer's call may be there in the running kernel that is none in the file. */
  private static final long TRACED_BYTES = 16;

  private final KernelImage image;
  private final KnownCalls calls;
  private final CallLinks links;

  NameChoice(KernelImage image, KnownCalls calls, CallLinks links) {
    this.image = image;
    this.calls = calls;
    this.links = links;
  }

  /** Puts into a stack what its calls decide, outermost first: a choice may decide the next. */
  void choose(List<ResolvedFrame> frames, List<Repair> repairs) throws IOException {
    ResolvedFrame lower = null;
    for (int i = frames.size() - 1; i >= 0; i--) {
      ResolvedFrame frame = frames.get(i);
      if (frame.unreliable()) {
        continue;
      }
      int candidates = frame.candidates().size();
      if (candidates > 1 && candidates <= MOST_CANDIDATES) {
        Choice choice = new Open(frame, above(frames, i), lower).decide();
        if (choice != null) {
          frame = choice.frame;
          frames.set(i, frame);
          repairs.add(new Repair("chosen", i, choice.evidence));
        }
      }
      lower = frame;
    }
  }

  private static List<ResolvedFrame> above(List<ResolvedFrame> frames, int frame) {
    return frames.subList(0, frame).stream().filter(each -> !each.unreliable()).toList();
  }

  private record Choice(ResolvedFrame frame, String evidence) {}

  /** A frame that several functions fit, and its neighbours. */
  private final class Open {
    private final ResolvedFrame frame;
    private final @Nullable ResolvedFrame upper;
    private final @Nullable ResolvedFrame lower;

    private final boolean upperIsTop;

    Open(ResolvedFrame frame, List<ResolvedFrame> above, @Nullable ResolvedFrame lower) {
      this.frame = frame;
      this.upper = above.isEmpty() ? null : above.getLast();
      this.upperIsTop = above.stream().filter(each -> !each.hidden()).count() <= 1;
      this.lower = lower;
    }

    @Nullable Choice decide() throws IOException {
      List<ResolvedFrame> fitting = new ArrayList<>();
      for (ResolvedFrame candidate : frame.candidates()) {
        if (upper == null || mayHaveCalled(upper, candidate)) {
          fitting.add(candidate);
        }
      }
      List<ResolvedFrame> called = lower == null ? List.of() : calledBy(lower);
      if (lower != null && called.size() == 1) {
        ResolvedFrame only = called.getFirst();
        return fitting.contains(only)
            ? choice(only, "the call that returns to " + place(lower) + " is of the one")
            : null;
      }
      return upper != null && fitting.size() == 1 && hasCall(fitting.getFirst())
          ? choice(
              fitting.getFirst(),
              "only one has a call there that may lead to " + upper.symbol() + ", the one")
          : null;
    }

    private Choice choice(ResolvedFrame chosen, String why) {
      return new Choice(
          chosen,
          String.format(
              "%d functions fit %s; %s at 0x%x",
              frame.candidates().size(),
              place(frame),
              why,
              Objects.requireNonNull(chosen.linkAddress()) - chosen.offsetBytes()));
    }

    private boolean mayHaveCalled(ResolvedFrame callee, ResolvedFrame candidate)
        throws IOException {
      Function caller = calls.functionOf(candidate);
      Long returnAddress = candidate.linkAddress();
      if (candidate.exact() || caller == null || returnAddress == null) {
        return true;
      }
      return (candidate.offsetBytes() <= TRACED_BYTES
              || image.mayReturnTo(caller.file(), returnAddress))
          && links.between(callee, candidate, upperIsTop).kind() != Kind.MISMATCH;
    }

    /** What no call is recorded of may be a call in the running kernel alone. */
    private boolean hasCall(ResolvedFrame candidate) throws IOException {
      Function caller = calls.functionOf(candidate);
      Long returnAddress = candidate.linkAddress();
      return !candidate.exact()
          && caller != null
          && returnAddress != null
          && calls.returningTo(caller.file(), returnAddress) != null;
    }

    /** Returns those that the call of the frame below may be of. */
    private List<ResolvedFrame> calledBy(ResolvedFrame below) throws IOException {
      Function caller = below.exact() ? null : calls.functionOf(below);
      Long returnAddress = below.linkAddress();
      if (caller == null || returnAddress == null) {
        return List.of();
      }
      DebugSymbols file = caller.file();
      CallSite site = calls.returningTo(file, returnAddress);
      Long target = site == null ? CallTarget.before(file, returnAddress) : null;
      List<ResolvedFrame> called = new ArrayList<>();
      for (ResolvedFrame candidate : frame.candidates()) {
        Function function = calls.functionOf(candidate);
        boolean fits =
            function != null
                && (site == null
                    ? function.file().equals(file)
                        && Objects.equals(target, function.symbol().linkAddress())
                    : site.callee() != null
                        && calls.called(List.of(site), caller, function).stream()
                            .anyMatch(function::isSameCodeAs));
        if (fits) {
          called.add(candidate);
        }
      }
      return called;
    }

    private static String place(ResolvedFrame frame) {
      return String.format("%s+0x%x", frame.symbol(), frame.offsetBytes());
    }
  }
}
