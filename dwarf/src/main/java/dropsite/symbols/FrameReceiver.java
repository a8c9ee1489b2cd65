package dropsite.symbols;

import java.util.List;

/** Takes the answers to many questions, each as soon as it is known. */
@FunctionalInterface
public interface FrameReceiver {

  /**
   * Takes one chain of frames.
   *
   * @param question position of the address among those asked for
   * @param frames as of {@link DebugSymbols#frames(long)}
   */
  void take(int question, List<SourceFrame> frames);
}
