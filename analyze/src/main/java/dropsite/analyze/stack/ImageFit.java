package dropsite.analyze.stack;

import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.KernelRelease;
import dropsite.analyze.kernel.NamedSymbols.NamedSymbol;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers from stacks whether vmlinux is of the kernel that they were recorded on. */
public final class ImageFit {
  /** So many places tell; more are not worth the time. */
  private static final int MOST_JUDGED = 4096;

  /** A few return addresses may stand behind calls that the kernel made of other code. */
  private static final int FEWEST_STRAY = 3;

  private final KernelImage image;
  private boolean proven;
  private long otherBuild;
  private @Nullable String contradiction;
  private @Nullable String sameRelease;

  /** Names of functions that have the printed size in vmlinux. */
  private final Set<String> ofItsSize = new HashSet<>();

  /** Names of functions that have not. */
  private final Set<String> ofOtherSize = new LinkedHashSet<>();

  /** Link-time addresses that stacks say a call returns to. */
  private final Set<Long> judged = new HashSet<>();

  /** How many of them are behind no call in vmlinux. */
  private int stray;

  /**
   * @param image that the stacks are resolved against
   */
  public ImageFit(KernelImage image) {
    this.image = image;
  }

  /** Takes note of what a stack shows. */
  public void add(ResolvedStack stack) throws IOException {
    DebugSymbols vmlinux = image.vmlinux().orElse(null);
    for (ResolvedFrame frame : stack.frames()) {
      otherBuild += frame.otherBuild() ? 1 : 0;
    }
    if (vmlinux == null || contradiction != null) {
      return;
    }
    proven |= image.isVeryKernel(stack.slide());
    if (image.isVeryKernel(null)) {
      // By its build-id, which stands above what live patches print.
      return;
    }
    String told = image.facts().releaseOf(stack.event());
    if (told != null) {
      KernelRelease own = image.release();
      if (own.name().equals(told)) {
        sameRelease = told;
      } else if (own.certain()) {
        contradiction = "the recording names kernel " + told + ", the file is of " + own.name();
        return;
      }
    }
    if (image.isOtherKernel(stack.event().frames(), stack.slide())) {
      contradiction = "names and addresses in the stack agree on no one place for it";
      return;
    }
    for (ResolvedFrame frame : stack.frames()) {
      if (frame.module() == null) {
        addSize(vmlinux, frame);
        addCall(vmlinux, frame);
      }
    }
  }

  private void addCall(DebugSymbols vmlinux, ResolvedFrame frame) {
    Long place = frame.linkAddress();
    if (place != null
        && frame.given().symbol() != null
        && !frame.exact()
        && !frame.unreliable()
        && !frame.elided()
        && judged.size() < MOST_JUDGED
        && judged.add(place)
        && !image.mayReturnTo(vmlinux, place)) {
      stray++;
    }
  }

  private void addSize(DebugSymbols vmlinux, ResolvedFrame frame) {
    StackFrame given = frame.given();
    if (given.symbol() == null || given.sizeBytes() == StackFrame.UNKNOWN) {
      return;
    }
    List<NamedSymbol> named = image.names().in(vmlinux, given.symbol());
    if (named.stream().anyMatch(it -> it.hasSize(given.sizeBytes()))) {
      ofItsSize.add(given.symbol());
    } else if (!named.isEmpty() && frame.otherBuild()) {
      ofOtherSize.add(given.symbol());
    }
  }

  /**
   * Returns what shows that vmlinux is of another kernel, or null. One size among many may be wrong
   * in the text, or printed up to a label that the symbols lack: it says no more than that its
   * frame looks like another build's.
   */
  private @Nullable String contradiction() {
    if (contradiction != null) {
      return contradiction;
    }
    if (stray >= FEWEST_STRAY && 2 * stray > judged.size()) {
      return stray + " of " + judged.size() + " return addresses stand where no call returns to";
    }
    if (ofOtherSize.isEmpty() || ofOtherSize.size() < ofItsSize.size()) {
      return null;
    }
    String first = ofOtherSize.iterator().next();
    return ofOtherSize.size() == 1
        ? first + " has another size in the stack"
        : first + " and " + (ofOtherSize.size() - 1) + " more have another size in the stack";
  }

  /** Returns whether vmlinux is known to be of the very kernel. */
  public boolean isVeryKernel() {
    return proven && contradiction() == null;
  }

  /** Returns how many frames do not fit their functions in the files, as of another build. */
  public long otherBuild() {
    return otherBuild;
  }

  /**
   * Returns what a reader of source lines must know, as one sentence; null when there is no
   * vmlinux, or when it is of the very kernel.
   */
  public @Nullable String doubt() {
    DebugSymbols vmlinux = image.vmlinux().orElse(null);
    if (vmlinux == null || isVeryKernel()) {
      return null;
    }
    String frames =
        otherBuild == 0
            ? ""
            : "; "
                + otherBuild
                + (otherBuild == 1 ? " frame looks" : " frames look")
                + " like another build's";
    return inWords(vmlinux.file()) + frames;
  }

  private String inWords(String file) {
    String contrary = contradiction();
    if (contrary != null) {
      return file + " is not of the recorded kernel, source lines do not hold: " + contrary;
    }
    return sameRelease == null
        ? "nothing shows that "
            + file
            + " is of the recorded kernel: source lines hold only if it is"
        : file
            + " is of the recorded release, "
            + sameRelease
            + "; nothing shows whether of the same build";
  }
}
