package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackFrame;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KernelImageTest {
  private static final long TEXT = 0xffffffff81000000L;
  private static final long SLIDE = 0x4200000L;

  private static MemorySymbols vmlinux() {
    return new MemorySymbols()
        .with("alpha", TEXT, 0x100, "a.c", 1)
        .with("beta", TEXT + 0x100, 0x100, "b.c", 2)
        .with("gamma", TEXT + 0x200, 0x100, "c.c", 3)
        .with("twin", TEXT + 0x300, 0x100, "d.c", 4)
        .with("twin", TEXT + 0x400, 0x100, "e.c", 5);
  }

  private static KernelImage image(MemorySymbols vmlinux, KernelFacts facts) {
    return KernelImage.of(vmlinux, Map.of(), facts, false);
  }

  private static StackFrame pair(String symbol, long linkAddress, long offset) {
    return StackFrame.ofSymbol(symbol, offset, -1).at(linkAddress + SLIDE);
  }

  private static @Nullable Slide slide(KernelImage image, StackFrame... frames) throws IOException {
    SlideVotes votes = new SlideVotes();
    for (StackFrame frame : frames) {
      votes.add(image.slideOf(frame));
    }
    return image.slide(List.of(frames), votes).slide();
  }

  private static KernelFacts recorded(@Nullable String buildId) {
    return new KernelFacts(
        "kernel.json",
        "6.1",
        buildId,
        Map.of("_text", TEXT + SLIDE),
        List.of(new LoadedModule("mod", 0xffffffffc0000000L, 0x2000, "cafe")),
        Map.of(7L, "SKB_DROP_REASON_NETFILTER_DROP"));
  }

  @Test
  void theSlideIsWhatTheNamesBesideAddressesAgreeOn() throws IOException {
    KernelImage image = image(vmlinux(), KernelFacts.NONE);
    Slide slide =
        slide(
            image,
            pair("alpha", TEXT + 0x10, 0x10),
            pair("beta", TEXT + 0x120, 0x20),
            pair("gamma", TEXT + 0x230, 0x30));
    assertThat(slide).isEqualTo(Slide.ofPairs(SLIDE, 3, 0));
    assertThat(image.isVeryKernel(slide)).isTrue();
    assertThat(image.placeOf(TEXT + SLIDE + 5, slide).map(Place::linkAddress)).contains(TEXT + 5);
  }

  @Test
  void aNameAtTheWrongPlaceIsOutvotedAndProvesNothing() throws IOException {
    KernelImage image = image(vmlinux(), KernelFacts.NONE);
    Slide slide =
        slide(
            image,
            pair("alpha", TEXT + 0x10, 0x10),
            pair("beta", TEXT + 0x120, 0x20),
            pair("gamma", TEXT + 0x230, 0x30),
            pair("gamma", TEXT + 0x231, 0x30));
    assertThat(slide).isEqualTo(Slide.ofPairs(SLIDE, 3, 1));
    assertThat(image.isVeryKernel(slide)).isFalse();
  }

  @Test
  void noMajorityIsNoSlide() throws IOException {
    assertThat(
            slide(
                image(vmlinux(), KernelFacts.NONE),
                pair("alpha", TEXT + 0x10, 0x10),
                pair("beta", TEXT + 0x121, 0x20)))
        .isNull();
  }

  @Test
  void namesOfSeveralFunctionsAndImpossibleOffsetsDoNotVote() throws IOException {
    assertThat(
            slide(
                image(vmlinux(), KernelFacts.NONE),
                pair("twin", TEXT + 0x310, 0x10),
                pair("alpha", TEXT + 0x1000, 0x1000),
                pair("unknown", TEXT, 0)))
        .isNull();
  }

  @Test
  void aRecordedSlideNeedsNoNames() throws IOException {
    Slide slide =
        slide(image(vmlinux().symbol("_text", TEXT, 0), recorded(null)), StackFrame.ofAddress(1));
    assertThat(slide).isEqualTo(Slide.recorded(SLIDE, Slide.Source.CAPTURE));
  }

  @Test
  void withoutTheSymbolTheFirstFunctionTellsWhereTheTextBegins() throws IOException {
    Slide slide = slide(image(vmlinux(), recorded(null)), StackFrame.ofAddress(1));
    assertThat(slide).isEqualTo(Slide.recorded(SLIDE, Slide.Source.CAPTURE));
  }

  @Test
  void anotherBuildIsRefusedWithBothBuildIds() throws IOException {
    assertThatThrownBy(() -> image(vmlinux().buildId("1111"), recorded("2222")))
        .isInstanceOf(WrongKernelException.class)
        .hasMessageContainingAll("vmlinux", "1111", "2222", "kernel.json", "--force");
  }

  @Test
  void anotherBuildMayBeForcedAndIsThenSaid() throws IOException {
    KernelImage image = KernelImage.of(vmlinux().buildId("1111"), Map.of(), recorded("2222"), true);
    assertThat(image.isVeryKernel(null)).isFalse();
    assertThat(image.warnings())
        .singleElement()
        .asString()
        .contains("1111", "2222", "used because of --force");
  }

  @Test
  void aFileWithoutBuildIdIsUsedAndSaidToBeUnchecked() throws IOException {
    KernelImage image = image(vmlinux(), recorded("2222"));
    assertThat(image.isVeryKernel(null)).isFalse();
    assertThat(image.warnings()).singleElement().asString().contains("has no build-id");
  }

  @Test
  void moduleAddressesCountFromWhereTheModuleWasLoaded() throws IOException {
    MemorySymbols module =
        new MemorySymbols().with("hook", 0x1000, 0x100, "m.c", 9).buildId("cafe").asModule();
    KernelImage image =
        KernelImage.of(vmlinux().buildId("2222"), Map.of("mod", module), recorded("2222"), false);
    Place place = image.placeOf(0xffffffffc0000010L, null).orElseThrow();
    assertThat(place.linkAddress()).isEqualTo(0x1010);
    assertThat(place.module()).isEqualTo("mod");
  }

  @Test
  void aModuleOfAnotherBuildIsNotUsed() throws IOException {
    MemorySymbols module =
        new MemorySymbols().with("hook", 0x1000, 0x100, "m.c", 9).buildId("beef").asModule();
    KernelImage image =
        KernelImage.of(vmlinux().buildId("2222"), Map.of("mod", module), recorded("2222"), false);
    assertThat(image.placeOf(0xffffffffc0000010L, null)).isEmpty();
    assertThat(image.warnings())
        .singleElement()
        .asString()
        .contains("module.ko", "beef", "cafe", "not used");
  }

  @Test
  void reasonsAreNamedByTheVeryKernelOnly() throws IOException {
    MemorySymbols vmlinux =
        vmlinux()
            .buildId("2222")
            .enumeration(
                "skb_drop_reason", Map.of("SKB_CONSUMED", 1L, "SKB_DROP_REASON_NO_SOCKET", 3L));
    assertThat(reason(image(vmlinux, recorded("2222")), facts(3L, null)))
        .extracting(DropReason::name)
        .isEqualTo("NO_SOCKET");
    assertThat(reason(image(vmlinux, recorded("2222")), facts(1L, null)))
        .extracting(DropReason::name)
        .isEqualTo("SKB_CONSUMED");
    // The recorded enum stands above the file's.
    assertThat(reason(image(vmlinux, recorded("2222")), facts(7L, null)).inWords())
        .isEqualTo("NETFILTER_DROP (7)");
    // Nothing shows that the file is of this kernel.
    DropReason unknown = reason(image(vmlinux, KernelFacts.NONE), facts(3L, null));
    assertThat(unknown.name()).isNull();
    assertThat(unknown.inWords()).startsWith("3 (number only");
    // What the kernel printed needs no table.
    assertThat(reason(image(vmlinux, KernelFacts.NONE), facts(null, "TCP_CSUM")).inWords())
        .isEqualTo("TCP_CSUM");
  }

  private static DropReason reason(KernelImage image, EventFacts facts) {
    DropReason reason = new ReasonNames(image).of(facts, null);
    if (reason == null) {
      throw new AssertionError("no reason");
    }
    return reason;
  }

  private static EventFacts facts(@Nullable Long number, @Nullable String name) {
    return new EventFacts(null, null, null, null, null, number, name, null, null, null);
  }
}
