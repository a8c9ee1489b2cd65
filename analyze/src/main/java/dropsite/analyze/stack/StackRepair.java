package dropsite.analyze.stack;

import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.Remembered;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes stacks whole: hides what the probe put there, tells contexts apart, and checks every two
 * neighbours against the call between them.
 */
final class StackRepair {
  /** Longer stacks are not worth the memory that they take. */
  private static final int LONGEST_KEPT = 256;

  private final EntryFrames entries;
  private final ProbeMachinery machinery = ProbeMachinery.shipped();
  private final Contexts contexts;
  private final Promotion promotion;
  private final CallLinks links;
  private final NameChoice choice;
  private final Remembered<List<ResolvedFrame>, Repaired> known = new Remembered<>();

  StackRepair(KernelImage image, EntryFrames entries, SourceLookup lookup) {
    KnownCalls calls = new KnownCalls(image);
    this.entries = entries;
    this.contexts = new Contexts(entries);
    this.promotion = new Promotion(calls);
    this.links = new CallLinks(calls, entries, lookup);
    this.choice = new NameChoice(image, calls, links);
  }

  /**
   * A stack made whole.
   *
   * @param frames those that were recorded
   * @param elided for each of them those that are missing below it
   */
  record Repaired(
      List<ResolvedFrame> frames, List<List<ResolvedFrame>> elided, List<Repair> repairs) {

    Repaired {
      frames = List.copyOf(frames);
      elided = List.copyOf(elided);
      repairs = List.copyOf(repairs);
    }
  }

  Repaired repair(List<ResolvedFrame> recorded) throws IOException {
    Repaired found = known.get(recorded);
    if (found != null) {
      return found;
    }
    Repaired repaired = new Work(recorded).run();
    return recorded.size() > LONGEST_KEPT ? repaired : known.put(recorded, repaired);
  }

  private final class Work {
    private final List<Repair> repairs = new ArrayList<>();
    private final List<ResolvedFrame> frames;
    private final List<List<ResolvedFrame>> elided = new ArrayList<>();

    Work(List<ResolvedFrame> recorded) {
      frames = new ArrayList<>(contexts.of(machinery.hide(recorded, repairs)));
      recorded.forEach(frame -> elided.add(List.of()));
    }

    Repaired run() throws IOException {
      choice.choose(frames, repairs);
      int upper = -1;
      boolean top = true;
      for (int lower = 0; lower < frames.size(); lower++) {
        ResolvedFrame frame = frames.get(lower);
        if (frame.hidden() || frame.unreliable()) {
          continue;
        }
        if (upper >= 0) {
          check(upper, lower, top);
          top = false;
        }
        upper = lower;
      }
      noteCut();
      return new Repaired(frames, elided, repairs);
    }

    private void noteCut() {
      List<ResolvedFrame> calls =
          frames.stream().filter(frame -> !frame.hidden() && !frame.unreliable()).toList();
      if (!entries.isLimit(frames.size()) || calls.isEmpty() || !calls.getLast().isNamed()) {
        return;
      }
      // What an unwinder takes for the caller of an entry is something else.
      for (ResolvedFrame frame : calls.subList(Math.max(0, calls.size() - 2), calls.size())) {
        if (entries.isOutermost(frame.canonicalName())) {
          return;
        }
      }
      repairs.add(
          new Repair(
              "cut",
              frames.size() - 1,
              "the stack has "
                  + frames.size()
                  + " frames, as many as are recorded at most, and does not end in an entry of the"
                  + " kernel: what called the last one is not known"));
    }

    private void check(int upper, int lower, boolean top) throws IOException {
      try {
        join(upper, lower, top);
      } catch (MalformedInputException e) {
        // The frames stay as they are, and what is wrong with the file stays told.
        frames.set(lower, frames.get(lower).noted(String.valueOf(e.getMessage())));
      }
    }

    private void join(int upper, int lower, boolean top) throws IOException {
      CallLink link = links.between(frames.get(upper), frames.get(lower), top);
      if (link.kind().doubtful()
          && upper + 1 < lower
          && promotion.promote(frames, upper, lower, repairs)) {
        return;
      }
      switch (link.kind()) {
        case ELIDED -> {
          elided.set(upper, link.missing());
          repairs.add(new Repair("elided", upper, link.evidence()));
        }
        case SEVERAL -> flag("elided-candidates", lower, link.evidence());
        case MISMATCH -> flag("mismatch", lower, link.evidence());
        case UNKNOWN, INDIRECT, DIRECT, OPEN -> {}
      }
    }

    private void flag(String kind, int frame, String evidence) {
      repairs.add(new Repair(kind, frame, evidence));
      frames.set(frame, frames.get(frame).noted(evidence));
    }
  }
}
