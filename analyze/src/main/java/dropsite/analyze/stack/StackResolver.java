package dropsite.analyze.stack;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.FoundSlide;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.Remembered;
import dropsite.analyze.kernel.Slide;
import dropsite.analyze.kernel.SlideVotes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Resolves stacks against a kernel image, frame by frame, and makes them whole. */
public final class StackResolver {
  private final KernelImage image;
  private final boolean exactEverywhere;
  private final FrameResolver frameResolver;
  private final SourceLookup lookup = new SourceLookup();
  private final EntryFrames entries = EntryFrames.shipped();
  private final StackRepair repair;
  private final Remembered<StackFrame, KnownFrame> known = new Remembered<>();

  /**
   * @param image to resolve against
   * @param exactEverywhere whether to take every address as a program counter
   */
  public StackResolver(KernelImage image, boolean exactEverywhere) {
    this.image = image;
    this.exactEverywhere = exactEverywhere;
    this.frameResolver = new FrameResolver(image, exactEverywhere, lookup);
    this.repair = new StackRepair(image, entries, lookup);
  }

  /** Resolves a stack as far as the files at hand allow. */
  public ResolvedStack resolve(StackEvent event) throws IOException {
    List<KnownFrame> given = new ArrayList<>(event.frames().size());
    SlideVotes votes = new SlideVotes();
    for (StackFrame frame : event.frames()) {
      KnownFrame knownFrame = known(frame);
      votes.add(knownFrame.vote);
      if (knownFrame.misfit) {
        votes.addMisfit();
      }
      given.add(knownFrame);
    }
    FoundSlide found = image.slide(event.frames(), votes);
    Slide slide = found.slide();
    List<ResolvedFrame> frames = new ArrayList<>(given.size());
    List<Repair> repairs = new ArrayList<>();
    KnownFrame above = null;
    for (KnownFrame knownFrame : given) {
      FrameResolver.Answer answer = answer(knownFrame, slide);
      if (above != null && isInterrupted(knownFrame, above)) {
        answer = answer(known(knownFrame.given.asProgramCounter()), slide);
      }
      if (answer.renamed() != null) {
        repairs.add(new Repair("renamed", frames.size(), answer.renamed()));
      }
      frames.add(answer.frame());
      above = knownFrame.given.unreliable() ? above : knownFrame;
    }
    StackRepair.Repaired repaired = repair.repair(frames);
    repairs.addAll(repaired.repairs());
    return new ResolvedStack(event, found, repaired.frames(), repaired.elided(), repairs);
  }

  /** Returns whether a frame is code that the entry above it interrupted. */
  private static boolean isInterrupted(KnownFrame frame, KnownFrame above) {
    return above.entry != null
        && !frame.given.exact()
        && !frame.given.unreliable()
        && EntryFrames.interrupts(above.entry, frame.name);
  }

  private KnownFrame known(StackFrame frame) {
    KnownFrame found = known.get(frame);
    if (found != null) {
      return found;
    }
    boolean misfit = !exactEverywhere && image.misfits(frame);
    return known.put(frame, new KnownFrame(frame, image.slideOf(frame), misfit));
  }

  /** Returns how many places files of debugging information were asked about so far. */
  public long asked() {
    return lookup.asked();
  }

  private FrameResolver.Answer answer(KnownFrame frame, @Nullable Slide slide) throws IOException {
    FrameResolver.Answer answer = frame.answer;
    Long slideBytes = slide == null ? null : slide.bytes();
    if (answer == null || !Objects.equals(frame.answerSlideBytes, slideBytes)) {
      answer = frameResolver.resolve(frame.given, slide);
      frame.answer = answer;
      frame.answerSlideBytes = slideBytes;
      frame.name = answer.frame().canonicalName();
      frame.entry = entries.exception(frame.name) == null ? null : frame.name;
    }
    return answer;
  }

  /**
   * What is known of a frame; its answer is for one slide, since stacks of a recording share it.
   */
  private static final class KnownFrame {
    private final StackFrame given;
    private final @Nullable Long vote;
    private final boolean misfit;
    private FrameResolver.@Nullable Answer answer;
    private @Nullable Long answerSlideBytes;

    /** Of the function, without suffixes. */
    private @Nullable String name;

    /** The name again, if it is one of entry code that saves what was interrupted. */
    private @Nullable String entry;

    KnownFrame(StackFrame given, @Nullable Long vote, boolean misfit) {
      this.given = given;
      this.vote = vote;
      this.misfit = misfit;
    }
  }
}
