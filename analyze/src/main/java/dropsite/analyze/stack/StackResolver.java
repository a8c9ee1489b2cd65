package dropsite.analyze.stack;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.Remembered;
import dropsite.analyze.kernel.Slide;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resolves stacks against a kernel image, frame by frame, and hides what the probe put there. */
public final class StackResolver {
  private final KernelImage image;
  private final FrameResolver frameResolver;
  private final ProbeMachinery machinery = ProbeMachinery.shipped();
  private final Remembered<Question, FrameResolver.Answer> answers = new Remembered<>();

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
    Slide slide = image.slide(event.frames());
    List<ResolvedFrame> frames = new ArrayList<>();
    List<Repair> repairs = new ArrayList<>();
    for (StackFrame frame : event.frames()) {
      FrameResolver.Answer answer = answer(frame, slide);
      if (answer.renamed() != null) {
        repairs.add(new Repair("renamed", frames.size(), answer.renamed()));
      }
      frames.add(answer.frame());
    }
    return new ResolvedStack(event, slide, machinery.hide(frames, repairs), repairs);
  }

  private FrameResolver.Answer answer(StackFrame frame, @Nullable Slide slide) throws IOException {
    Question question = new Question(frame, slide == null ? null : slide.bytes());
    FrameResolver.Answer known = answers.get(question);
    return known != null ? known : answers.put(question, frameResolver.resolve(frame, slide));
  }

  private record Question(StackFrame frame, @Nullable Long slideBytes) {}
}
