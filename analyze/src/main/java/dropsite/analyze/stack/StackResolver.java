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

/** Resolves stacks against a kernel image, frame by frame, and hides what the probe put there. */
public final class StackResolver {
  private final KernelImage image;
  private final FrameResolver frameResolver;
  private final ProbeMachinery machinery = ProbeMachinery.shipped();
  private final Remembered<StackFrame, KnownFrame> known = new Remembered<>();

  /**
   * @param image to resolve against
   * @param exactEverywhere whether to take every address as a program counter
   */
  public StackResolver(KernelImage image, boolean exactEverywhere) {
    this.image = image;
    this.frameResolver = new FrameResolver(image, exactEverywhere);
  }

  /** Resolves a stack as far as the files at hand allow. */
  public ResolvedStack resolve(StackEvent event) throws IOException {
    List<KnownFrame> given = new ArrayList<>(event.frames().size());
    SlideVotes votes = new SlideVotes();
    for (StackFrame frame : event.frames()) {
      KnownFrame knownFrame = known(frame);
      votes.add(knownFrame.vote);
      given.add(knownFrame);
    }
    FoundSlide found = image.slide(event.frames(), votes);
    Slide slide = found.slide();
    List<ResolvedFrame> frames = new ArrayList<>(given.size());
    List<Repair> repairs = new ArrayList<>();
    for (KnownFrame knownFrame : given) {
      FrameResolver.Answer answer = answer(knownFrame, slide);
      if (answer.renamed() != null) {
        repairs.add(new Repair("renamed", frames.size(), answer.renamed()));
      }
      frames.add(answer.frame());
    }
    return new ResolvedStack(event, found, machinery.hide(frames, repairs), repairs);
  }

  private KnownFrame known(StackFrame frame) {
    KnownFrame found = known.get(frame);
    return found != null ? found : known.put(frame, new KnownFrame(frame, image.slideOf(frame)));
  }

  /** Returns how many places files of debugging information were asked about so far. */
  public long asked() {
    return frameResolver.asked();
  }

  private FrameResolver.Answer answer(KnownFrame frame, @Nullable Slide slide) throws IOException {
    FrameResolver.Answer answer = frame.answer;
    Long slideBytes = slide == null ? null : slide.bytes();
    if (answer == null || !Objects.equals(frame.answerSlideBytes, slideBytes)) {
      answer = frameResolver.resolve(frame.given, slide);
      frame.answer = answer;
      frame.answerSlideBytes = slideBytes;
    }
    return answer;
  }

  /**
   * What is known of a frame; its answer is for one slide, since stacks of a recording share it.
   */
  private static final class KnownFrame {
    private final StackFrame given;
    private final @Nullable Long vote;
    private FrameResolver.@Nullable Answer answer;
    private @Nullable Long answerSlideBytes;

    KnownFrame(StackFrame given, @Nullable Long vote) {
      this.given = given;
      this.vote = vote;
    }
  }
}
