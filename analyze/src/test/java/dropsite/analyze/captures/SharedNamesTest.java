package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.Repair;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames of real stacks whose name several functions have. */
@Tag("kernels")
final class SharedNamesTest {

  /** Of a neighbour solicitation that netfilter dropped; llvm-objdump shows the call. */
  @Test
  void theCallOfTheFrameBelowDecidesInARecordedStack() throws IOException {
    try (KernelImage image = RecordedDropsTest.debugPackage(KernelFacts.NONE, "6.1")) {
      StackResolver resolver = new StackResolver(image, false);
      List<ResolvedFrame> found = new ArrayList<>();
      for (StackEvent event : events(new RecordedText("6.1", "bpftrace-kprobe"))) {
        ResolvedStack stack = resolver.resolve(event);
        stack.repairs().stream()
            .filter(repair -> repair.kind().equals("chosen"))
            .forEach(repair -> found.add(stack.frames().get(repair.frame())));
      }
      assertThat(found)
          .filteredOn(frame -> "NF_HOOK.constprop.0".equals(frame.symbol()))
          .extracting(ResolvedFrame::linkAddress)
          .hasSize(4)
          .containsOnly(0xffffffff819154b8L);
    }
  }

  /** Whatever a text prints beside names is taken away: the names have to do. */
  @ParameterizedTest
  @CsvSource({"6.1, 1", "6.12, 0"})
  void whatTheCallsDecideIsWhatTheAddressesSay(String kernel, int decided) throws IOException {
    Capture capture = Capture.of(kernel);
    Tally tally = new Tally();
    try (KernelImage image = RecordedDropsTest.debugPackage(capture.kernel(), kernel);
        KernelImage bare = RecordedDropsTest.debugPackage(KernelFacts.NONE, kernel)) {
      StackResolver byAddress = new StackResolver(image, false);
      StackResolver byName = new StackResolver(bare, false);
      Set<List<StackFrame>> seen = new HashSet<>();
      for (StackEvent event : capture.events()) {
        if (seen.add(event.frames())) {
          ResolvedStack known = byAddress.resolve(event);
          tally.add(known.frames(), byName.resolve(named(event, known)));
        }
      }
      System.out.println(kernel + ", recorded stacks by their names alone: " + tally);
    }
    assertThat(tally.wrong).isEmpty();
    assertThat(tally.chosen).isEqualTo(decided);
  }

  @ParameterizedTest
  @CsvSource({"6.1, 4", "6.12, 0"})
  void noTextOfABootedKernelIsDecidedWrongly(String kernel, int decided) throws IOException {
    Tally tally = new Tally();
    try (KernelImage image = RecordedDropsTest.debugPackage(KernelFacts.NONE, kernel)) {
      StackResolver resolver = new StackResolver(image, false);
      for (RecordedText text : RecordedText.of(kernel)) {
        Map<Long, String> places = new HashMap<>();
        text.truth().forEach(frame -> places.put(frame.line(), frame.place()));
        Map<StackEvent, ResolvedStack> stacks = new HashMap<>();
        for (RecordedText.FoundFrame frame : text.frames()) {
          ResolvedStack stack = stacks.get(frame.event());
          if (stack == null) {
            stack = resolver.resolve(frame.event());
            stacks.put(frame.event(), stack);
          }
          String place = places.getOrDefault(frame.line(), "");
          Long truth =
              place.startsWith("vmlinux 0x")
                  ? Long.valueOf(Long.parseUnsignedLong(place.substring(10), 16))
                  : null;
          tally.add(stack, frame.index(), truth);
        }
      }
    }
    System.out.println(kernel + ", texts: " + tally);
    assertThat(tally.wrong).isEmpty();
    assertThat(tally.chosen).isEqualTo(decided);
  }

  static List<StackEvent> events(RecordedText text) throws IOException {
    return text.frames().stream().map(RecordedText.FoundFrame::event).distinct().toList();
  }

  private static StackEvent named(StackEvent event, ResolvedStack known) {
    List<StackFrame> names = new ArrayList<>();
    for (ResolvedFrame frame : known.frames()) {
      StackFrame name =
          StackFrame.ofSymbol(
                  String.valueOf(frame.symbol()), frame.offsetBytes(), StackFrame.UNKNOWN)
              .in(frame.module());
      names.add(frame.given().exact() ? name.asProgramCounter() : name);
    }
    return new StackEvent("names", 1, "", event.facts(), names, 1);
  }

  /** Counts frames that several functions fit. */
  private static final class Tally {
    private int open;
    private int doubted;
    private int chosen;
    private int confirmed;
    private final List<String> left = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    void add(List<ResolvedFrame> truth, ResolvedStack stack) {
      for (int i = 0; i < truth.size(); i++) {
        add(stack, i, truth.get(i).linkAddress());
      }
    }

    void add(ResolvedStack stack, int index, @Nullable Long truth) {
      ResolvedFrame frame = stack.frames().get(index);
      for (Repair repair : stack.repairs()) {
        if (repair.frame() == index && repair.kind().equals("chosen")) {
          chosen++;
          if (truth != null && Objects.equals(frame.linkAddress(), truth)) {
            confirmed++;
          } else if (truth != null) {
            wrong.add(stack.event().position() + " " + repair);
          }
        }
      }
      if (frame.candidates().size() > 1) {
        open++;
        doubted += frame.unreliable() ? 1 : 0;
        if (!frame.unreliable()) {
          left.add(frame.symbol() + "+" + frame.offsetBytes() + " x" + frame.others().size());
        }
      }
    }

    @Override
    public String toString() {
      return String.format(
          "%d frames fit several functions, %d of them decided (%d confirmed by an address), %d"
              + " unreliable, open: %s",
          open + chosen, chosen, confirmed, doubted, left);
    }
  }
}
