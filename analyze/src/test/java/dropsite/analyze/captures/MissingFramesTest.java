package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.Repair;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.symbols.CallSite;
import dropsite.symbols.CanonicalName;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are not on real stacks, against what is known of them. */
@Tag("kernels")
final class MissingFramesTest {
  private static final Set<String> FLAGS = Set.of("mismatch", "elided-candidates");

  /** Every stack of a recording once. */
  private static List<ResolvedStack> stacks(Capture capture, StackResolver resolver)
      throws IOException {
    Set<List<StackFrame>> seen = new HashSet<>();
    List<ResolvedStack> stacks = new ArrayList<>();
    for (StackEvent event : capture.events()) {
      if (seen.add(event.frames())) {
        stacks.add(resolver.resolve(event));
      }
    }
    return stacks;
  }

  private static Optional<DebugSymbols> fileOf(KernelImage image, ResolvedFrame frame)
      throws IOException {
    String module = frame.module();
    return module == null ? image.vmlinux() : image.moduleNamed(module);
  }

  /** Returns the call that returns to a frame. */
  private static @Nullable CallSite callOf(KernelImage image, ResolvedFrame frame)
      throws IOException {
    Long address = frame.linkAddress();
    Optional<DebugSymbols> file = fileOf(image, frame);
    if (address == null || frame.exact() || file.isEmpty()) {
      return null;
    }
    return file.get().callSites(address - 1).stream()
        .filter(site -> site.returnAddress() == address && !site.tailCall())
        .findFirst()
        .orElse(null);
  }

  private static boolean names(@Nullable CallSite site, ResolvedFrame called) {
    String name = canonical(called);
    return site != null && site.callee() != null && CanonicalName.of(site.callee()).equals(name);
  }

  private static @Nullable String canonical(ResolvedFrame frame) {
    return frame.layers().isEmpty() ? null : frame.layers().getLast().source().canonicalName();
  }

  /** How many neighbours of the 32 and 36 stacks go together in which way. */
  @ParameterizedTest
  @ValueSource(strings = {"6.12", "6.1"})
  void neighboursOnRealStacksGoTogetherAndNothingIsPutBetweenACallerAndWhomItCalls(String kernel)
      throws IOException {
    Capture capture = Capture.of(kernel);
    Map<String, Integer> counts = new TreeMap<>();
    try (KernelImage image = RecordedDropsTest.debugPackage(capture.kernel(), kernel)) {
      List<ResolvedStack> stacks = stacks(capture, new StackResolver(image, false));
      for (ResolvedStack stack : stacks) {
        for (int i = 0; i + 1 < stack.frames().size(); i++) {
          counts.merge(kindOf(image, stack, i), 1, Integer::sum);
        }
      }
      System.out.println(kernel + ": " + stacks.size() + " distinct stacks, pairs: " + counts);
    }
    assertThat(counts).doesNotContainKey("inserted in vain").doesNotContainKey("mismatch");
    assertThat(counts.get("direct")).isGreaterThan(280);
  }

  private static String kindOf(KernelImage image, ResolvedStack stack, int upper)
      throws IOException {
    ResolvedFrame caller = stack.frames().get(upper + 1);
    CallSite site = callOf(image, caller);
    int elided = stack.elided().get(upper).size();
    if (names(site, stack.frames().get(upper))) {
      return elided == 0 ? "direct" : "inserted in vain";
    }
    if (elided > 0) {
      return elided == 1 ? "one tail call" : "several tail calls";
    }
    for (Repair repair : stack.repairs()) {
      if (FLAGS.contains(repair.kind()) && repair.frame() == upper + 1) {
        return repair.kind();
      }
    }
    if (stack.frames().get(upper).hidden()) {
      return "of the probe";
    }
    if (site != null) {
      return site.callee() == null ? "through a pointer" : "through a pointer further on";
    }
    return "no call recorded";
  }

  /**
   * Deletes from each stack, at each depth, the caller of a function and everything above it but
   * that function, as unwinding by frame pointers does for a probe on its entry.
   */
  @ParameterizedTest
  @ValueSource(strings = {"6.12", "6.1"})
  void theCallerThatUnwindingByFramePointersLosesIsFoundAgain(String kernel) throws IOException {
    Capture capture = Capture.of(kernel);
    Tally all = new Tally();
    Tally tops = new Tally();
    try (KernelImage image = RecordedDropsTest.debugPackage(capture.kernel(), kernel)) {
      StackResolver resolver = new StackResolver(image, false);
      Set<List<Object>> seen = new HashSet<>();
      for (ResolvedStack stack : stacks(capture, resolver)) {
        List<ResolvedFrame> frames =
            stack.frames().stream().filter(frame -> !frame.hidden()).toList();
        for (int top = 0; top + 2 < frames.size(); top++) {
          ResolvedFrame entered = frames.get(top);
          ResolvedFrame lost = frames.get(top + 1);
          if (!names(callOf(image, lost), entered)
              || !names(callOf(image, frames.get(top + 2)), lost)) {
            continue;
          }
          List<StackFrame> left = new ArrayList<>();
          long entry =
              Objects.requireNonNull(entered.given().runtimeAddress()) - entered.offsetBytes();
          left.add(StackFrame.ofAddress(entry + 1).asProgramCounter());
          frames.subList(top + 2, frames.size()).forEach(frame -> left.add(frame.given()));
          ResolvedStack found =
              resolver.resolve(new StackEvent("lab", 1, "", EventFacts.NONE, left, 1));
          if (seen.add(
              List.of(
                  entry,
                  Objects.requireNonNull(lost.given().runtimeAddress()),
                  Objects.requireNonNull(frames.get(top + 2).given().runtimeAddress())))) {
            all.add(found, lost);
            if (top == 0) {
              tops.add(found, lost);
            }
          }
          for (int i = 0; i + 1 < found.frames().size(); i++) {
            assertThat(kindOf(image, found, i)).isNotEqualTo("inserted in vain");
          }
        }
      }
    }
    System.out.println(kernel + ", at every depth: " + all);
    System.out.println(kernel + ", where the drop was: " + tops);
    assertThat(all.share()).isGreaterThanOrEqualTo(0.95);
    assertThat(tops.share()).isGreaterThanOrEqualTo(0.95);
  }

  /** A published stack of 5.13 reads kfree_skb+1 and below it __ip_local_out+219. */
  @ParameterizedTest
  @CsvSource({"6.12, sk_skb_reason_drop", "6.1, kfree_skb_reason"})
  void theHookThatAPublishedStackLacksIsFound(String kernel, String top) throws IOException {
    try (KernelImage image = RecordedDropsTest.debugPackage(KernelFacts.NONE, kernel)) {
      DebugSymbols vmlinux = image.vmlinux().orElseThrow();
      long owner = vmlinux.symbols().named("__ip_local_out").getFirst().linkAddress();
      CallSite hook =
          vmlinux.callSites(owner).stream()
              .filter(site -> "nf_hook_slow".equals(site.callee()))
              .findFirst()
              .orElseThrow();
      ResolvedStack stack =
          new StackResolver(image, false)
              .resolve(
                  new StackEvent(
                      "text",
                      1,
                      "",
                      EventFacts.NONE,
                      List.of(
                          StackFrame.ofSymbol(top, 1, StackFrame.UNKNOWN),
                          StackFrame.ofSymbol(
                              "__ip_local_out", hook.returnAddress() - owner, StackFrame.UNKNOWN)),
                      1));
      assertThat(stack.whole())
          .extracting(MissingFramesTest::canonical)
          .containsExactly(top, "nf_hook_slow", "__ip_local_out");
      assertThat(stack.whole().get(1).layers().getLast().source().line()).isPositive();
    }
  }

  /** What became of frames that were deleted. */
  private static final class Tally {
    private int restored;
    private int withLine;
    private int listed;
    private final List<String> others = new ArrayList<>();

    void add(ResolvedStack stack, ResolvedFrame lost) {
      String name = canonical(lost);
      List<ResolvedFrame> elided = stack.elided().getFirst();
      if (elided.size() == 1 && Objects.equals(canonical(elided.getFirst()), name)) {
        restored++;
        withLine += sameLines(elided.getFirst().layers(), lost.layers()) ? 1 : 0;
        return;
      }
      String top = stack.frames().getFirst().symbol();
      String way = "of " + name + ", which calls ";
      boolean among =
          stack.repairs().stream()
              .filter(repair -> repair.kind().equals("elided-candidates") && repair.frame() == 1)
              .anyMatch(repair -> repair.evidence().contains(way));
      listed += among ? 1 : 0;
      if (!among) {
        others.add(top + " <- " + name + " <- " + stack.frames().get(1).symbol());
      }
    }

    private static boolean sameLines(List<Layer> one, List<Layer> other) {
      return one.stream()
          .map(Layer::source)
          .toList()
          .equals(other.stream().map(Layer::source).toList());
    }

    int cases() {
      return restored + listed + others.size();
    }

    double share() {
      return (double) (restored + listed) / cases();
    }

    @Override
    public String toString() {
      return String.format(
          "%d cases, %d restored (%d with their very line), %d listed among at most three, %d not"
              + " %s",
          cases(), restored, withLine, listed, others.size(), others);
    }
  }
}
