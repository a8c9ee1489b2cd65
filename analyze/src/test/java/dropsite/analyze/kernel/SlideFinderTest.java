package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.StackFrame;
import dropsite.bytes.Bytes;
import dropsite.symbols.CallSite;
import dropsite.symbols.MachineCode;
import dropsite.symbols.MachineCode.Stretch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A kernel of 6 MiB without a call but those that a test puts there. */
final class SlideFinderTest {
  private static final long TEXT = 0xffffffff81000000L;
  private static final long SLIDE = 0x4200000L;
  private static final long STEP = 0x200000L;
  private static final int TEXT_BYTES = 3 * (int) STEP;
  private static final int EM_X86_64 = 62;

  private final MemorySegment memory = Arena.ofAuto().allocate(TEXT_BYTES);
  private final MemorySymbols vmlinux = new MemorySymbols();

  SlideFinderTest() {
    Stretch stretch = new Stretch(TEXT, new Bytes("vmlinux", ".text", memory, false));
    vmlinux.code(new MachineCode(EM_X86_64, true, List.of(stretch)));
  }

  /** Puts a call that ends at each of these offsets into the text. */
  private void calls(long... ends) {
    for (long end : ends) {
      memory.set(ValueLayout.JAVA_BYTE, end - 5, (byte) 0xe8);
    }
  }

  private SlideFinder finder() {
    return new SlideFinder(vmlinux, null, address -> false);
  }

  /** Returns return addresses at offsets into the text of the kernel as it was moved. */
  private static List<StackFrame> stack(long slide, long... offsets) {
    List<StackFrame> frames = new ArrayList<>();
    for (long offset : offsets) {
      frames.add(StackFrame.ofAddress(TEXT + slide + offset));
    }
    return frames;
  }

  private static @Nullable Slide find(SlideFinder finder, List<StackFrame> frames) {
    return finder.find(frames, new SlideVotes()).slide();
  }

  @Test
  void returnAddressesBehindCallsTellTheSlide() {
    calls(0x1005, 0x2010, 0x200123);
    assertThat(find(finder(), stack(SLIDE, 0x1005, 0x2010, 0x200123)))
        .isEqualTo(new Slide(SLIDE, Slide.Source.INFERRED, 3, 0, 0));
  }

  @Test
  void aRunnerUpThatIsCloseMakesItAmbiguous() {
    calls(0x1005, 0x2010, 0x3123, 0x4005);
    List<StackFrame> frames = stack(SLIDE, 0x1005, 0x2010, 0x3123, 0x4005);
    assertThat(find(finder(), frames)).isNotNull();
    calls(STEP + 0x1005);
    assertThat(find(finder(), frames)).isNotNull();
    calls(STEP + 0x2010);
    FoundSlide found = finder().find(frames, new SlideVotes());
    assertThat(found.slide()).isNull();
    assertThat(found.doubt())
        .isEqualTo(
            "the best slide, 0x4200000, puts 4 of 4 return addresses behind calls, the next best"
                + " 2: ambiguous");
  }

  @Test
  void anotherKernelPutsTooFewBehindCalls() {
    calls(0x1005, 0x2010, 0x3123);
    FoundSlide found =
        finder()
            .find(stack(SLIDE, 0x1005, 0x2010, 0x3123, 0x4005, 0x5005, 0x6005), new SlideVotes());
    assertThat(found.slide()).isNull();
    assertThat(found.doubt()).endsWith("too few for this kernel");
  }

  @Test
  void callsThatTheCompilerDoesNotKnowOfSayNothing() {
    calls(0x1005, 0x2010, 0x3123, 0x4005);
    vmlinux
        .symbol("known", TEXT + 0x4000, 0x100)
        .callSites(TEXT + 0x4000, new CallSite(TEXT + 0x4050, null, false));
    assertThat(find(finder(), stack(SLIDE, 0x1005, 0x2010, 0x3123, 0x4005)))
        .isEqualTo(new Slide(SLIDE, Slide.Source.INFERRED, 3, 0, 0));
    assertThat(find(finder(), stack(SLIDE, 0x1005, 0x2010, 0x4005))).isNull();
  }

  @Test
  void programCountersAndUnreliableFramesAndModulesSayNothing() {
    calls(0x1005, 0x2010, 0x3123);
    List<StackFrame> frames = stack(SLIDE, 0x1005, 0x2010, 0x3123);
    StackFrame third = frames.removeLast();
    for (StackFrame silent :
        List.of(third.asProgramCounter(), third.asUnreliable(), third.in("mod"))) {
      List<StackFrame> stack = new ArrayList<>(frames);
      stack.add(silent);
      assertThat(find(finder(), stack)).isNull();
    }
  }

  @Test
  void oneAddressCountsOnceHoweverOftenItStandsInTheStack() {
    calls(0x1005);
    assertThat(find(finder(), stack(SLIDE, 0x1005, 0x1005, 0x1005, 0x1005))).isNull();
  }

  @Test
  void aShortStackHasTheSlideOfAnEarlierOneThatFits() {
    calls(0x1005, 0x2010, 0x3123, 0x5005);
    SlideFinder finder = finder();
    List<StackFrame> shortStack = stack(SLIDE, 0x5005);
    assertThat(find(finder, shortStack)).isNull();
    assertThat(find(finder, stack(SLIDE, 0x1005, 0x2010, 0x3123))).isNotNull();
    assertThat(find(finder, shortStack))
        .isEqualTo(new Slide(SLIDE, Slide.Source.INFERRED, 1, 0, 0));
    assertThat(find(finder, stack(SLIDE, 0x5005, 0x6000))).isNull();
    assertThat(find(finder, stack(SLIDE, 0x6000))).isNull();
  }

  @Test
  void aShortStackThatFitsTwoEarlierSlidesHasNone() {
    calls(0x1005, 0x2010, 0x3123, 0x5005, STEP + 0x5005, STEP + 0x6005);
    SlideFinder finder = finder();
    assertThat(find(finder, stack(SLIDE, 0x1005, 0x2010, 0x3123))).isNotNull();
    assertThat(find(finder, stack(SLIDE + STEP, 0x1005, 0x2010, 0x3123))).isNotNull();
    assertThat(find(finder, stack(SLIDE + STEP, 0x5005))).isNull();
    assertThat(find(finder, stack(SLIDE, STEP + 0x6005))).extracting(Slide::bytes).isEqualTo(SLIDE);
  }

  @Test
  void theKernelIsNeverMovedDownOrOutOfItsRange() {
    calls(0x1005, 0x2010, 0x3123);
    assertThat(find(finder(), stack(-STEP, 0x1005, 0x2010, 0x3123))).isNull();
    assertThat(find(finder(), stack(0x40000000L, 0x1005, 0x2010, 0x3123))).isNull();
  }

  @Test
  void aFileWithoutInstructionsAndCallSitesSaysThatItCannotTell() {
    MemorySymbols bare = new MemorySymbols().symbol("alpha", TEXT, 0x100);
    FoundSlide found =
        new SlideFinder(bare, null, address -> false)
            .find(stack(SLIDE, 0x10, 0x20, 0x30), new SlideVotes());
    assertThat(found.slide()).isNull();
    assertThat(found.doubt()).contains("vmlinux", "cannot be inferred");
  }

  @Test
  void callSitesAloneWillDo() {
    MemorySymbols symbols =
        new MemorySymbols()
            .symbol("alpha", TEXT, 0x100)
            .callSites(
                TEXT,
                new CallSite(TEXT + 0x10, null, false),
                new CallSite(TEXT + 0x20, null, false),
                new CallSite(TEXT + 0x40, null, false),
                new CallSite(TEXT + 0x50, null, true));
    SlideFinder finder = new SlideFinder(symbols, null, address -> false);
    assertThat(find(finder, stack(SLIDE, 0x10, 0x20, 0x50))).isNull();
    assertThat(find(finder, stack(SLIDE, 0x10, 0x20, 0x40)))
        .isEqualTo(new Slide(SLIDE, Slide.Source.INFERRED, 3, 0, 0));
  }

  @Test
  void notesTellWhatWasInferredAndWhyNothingWas() {
    calls(0x1005, 0x2010, 0x3123);
    SlideFinder finder = finder();
    assertThat(finder.notes()).isEmpty();
    find(finder, stack(SLIDE, 0x6000));
    find(finder, stack(SLIDE, 0x1005, 0x2010, 0x3123));
    assertThat(finder.notes())
        .containsExactly(
            "the kernel was moved by 0x4200000: inferred from 3 return addresses, next best 0",
            "1 stack's slide is not known: none of 1 return addresses stands behind a call,"
                + " whatever the slide");
  }

  private SlideFinder recorded(long slide) {
    return new SlideFinder(vmlinux, Slide.recorded(slide, Slide.Source.CAPTURE), address -> false);
  }

  private static FoundSlide check(SlideFinder finder, List<StackFrame> frames) {
    SlideVotes votes = new SlideVotes();
    frames.stream().filter(finder::misfits).forEach(frame -> votes.addMisfit());
    return finder.find(frames, votes);
  }

  @Test
  void whatIsRecordedHoldsWhereItFits() {
    calls(0x1005, 0x2010, 0x3123);
    SlideFinder finder = recorded(SLIDE);
    assertThat(check(finder, stack(SLIDE, 0x1005, 0x2010, 0x3123, 0x4000, 0x5000)).slide())
        .isEqualTo(Slide.recorded(SLIDE, Slide.Source.CAPTURE));
    assertThat(check(finder, stack(SLIDE, 0x6000, 0x7000)).doubt()).isNull();
    assertThat(finder.doubtOfRecorded()).isEmpty();
  }

  @Test
  void aStackOfAnotherBootThanTheRecordedOneHasItsOwnSlide() {
    calls(0x1005, 0x2010, 0x3123, 0x5005);
    SlideFinder finder = recorded(SLIDE + STEP);
    List<StackFrame> shortStack = stack(SLIDE, 0x5005);
    assertThat(check(finder, shortStack).slide()).extracting(Slide::bytes).isEqualTo(SLIDE + STEP);
    FoundSlide found = check(finder, stack(SLIDE, 0x1005, 0x2010, 0x3123));
    assertThat(found).isEqualTo(FoundSlide.of(new Slide(SLIDE, Slide.Source.INFERRED, 3, 0, 0)));
    assertThat(check(finder, shortStack).slide()).extracting(Slide::bytes).isEqualTo(SLIDE);
    assertThat(check(finder, stack(SLIDE + STEP, 0x1005, 0x2010)).slide())
        .isEqualTo(Slide.recorded(SLIDE + STEP, Slide.Source.CAPTURE));
    assertThat(finder.doubtOfRecorded().orElseThrow())
        .startsWith("is of another boot than 2 stacks")
        .contains("0x4400000", "0x4200000, inferred from 3 return addresses");
  }

  @Test
  void namesBesideAddressesReplaceWhatIsRecordedOnlyWhereTheyFitBetter() {
    calls(0x1005);
    List<StackFrame> frames = stack(SLIDE, 0x1005, 0x2010, 0x3123, 0x5005);
    for (long named : new long[] {SLIDE, SLIDE + 2 * STEP}) {
      SlideVotes votes = new SlideVotes();
      votes.add(named);
      SlideFinder finder = recorded(SLIDE + STEP);
      frames.stream().filter(finder::misfits).forEach(frame -> votes.addMisfit());
      assertThat(finder.find(frames, votes).slide())
          .isEqualTo(
              named == SLIDE
                  ? Slide.ofPairs(SLIDE, 1, 0)
                  : Slide.recorded(SLIDE + STEP, Slide.Source.CAPTURE));
    }
  }

  @Test
  void whatIsRecordedIsOnlyDoubtedWhenNothingElseFits() {
    calls(0x1005);
    SlideFinder finder = recorded(SLIDE);
    FoundSlide found = check(finder, stack(SLIDE, 0x2010, 0x3123, 0x5005));
    assertThat(found.slide()).isEqualTo(Slide.recorded(SLIDE, Slide.Source.CAPTURE));
    assertThat(found.doubt())
        .isEqualTo(
            "its slide, 0x4200000, puts 0 of 3 return addresses behind calls and 3 where no call"
                + " returns to");
    assertThat(finder.doubtOfRecorded().orElseThrow())
        .startsWith("is perhaps of another boot than 1 stack,");
    assertThat(finder.notes()).isEmpty();
  }

  @Test
  void withoutInstructionsAndCallSitesNothingIsDoubted() {
    MemorySymbols bare = new MemorySymbols().symbol("alpha", TEXT, 0x100);
    SlideFinder finder =
        new SlideFinder(bare, Slide.recorded(SLIDE, Slide.Source.CAPTURE), address -> false);
    assertThat(check(finder, stack(SLIDE, 0x10, 0x20, 0x30)).doubt()).isNull();
  }
}
