package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrintedPlaceTest {
  private static final StackFrame PLACE = StackFrame.ofSymbol("name.part.0", 0x45, 0xf0);

  @Test
  void eachPartBehindTheNameMayBeMissing() {
    assertThat(next("name.part.0+0x45/0xf0 [nf_tables]")).isEqualTo(PLACE.in("nf_tables"));
    assertThat(next("name.part.0+69/240")).isEqualTo(PLACE);
    assertThat(next("name+69[veth]")).isEqualTo(Texts.named("name", 69).in("veth"));
    assertThat(next("name")).isEqualTo(Texts.named("name"));
  }

  @Test
  void taintsAndBuildIdStandWithTheModule() {
    assertThat(next("name.part.0+0x45/0xf0 [wl(PO) 00FF00ff00ff00ff00ff]"))
        .isEqualTo(PLACE.in("wl").withBuildId("00ff00ff00ff00ff00ff"));
  }

  @Test
  void theKernelIsNoModuleOfItsOwn() {
    assertThat(next("name+69 [kernel]")).isEqualTo(Texts.named("name", 69));
  }

  @ParameterizedTest
  @ValueSource(strings = {"name+69/240", "name+0x45/240", "name+0x45", "name", "+0x45/0xf0", ""})
  void theKernelPrintsOffsetAndSizeInHexadecimal(String text) {
    LineCursor line = LineCursor.of(text);
    assertThat(PrintedPlace.byKernel(line)).isNull();
    assertThat(line.position()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"name+", "name+/0xf0", "name", "5"})
  void anOffsetThatIsAskedForMustBeThere(String text) {
    LineCursor line = LineCursor.of(text);
    assertThat(PrintedPlace.withOffset(line)).isNull();
    assertThat(line.position()).isZero();
  }

  @Test
  void aWordOfJsonIsAPlaceOrAnAddress() {
    assertThat(PrintedPlace.whole(LineCursor.of("0xffffffffc03004ff")))
        .isEqualTo(StackFrame.ofAddress(0xffffffffc03004ffL));
    assertThat(PrintedPlace.whole(LineCursor.of("name+0x45 [veth]")))
        .isEqualTo(Texts.named("name", 0x45).in("veth"));
    assertThat(PrintedPlace.whole(LineCursor.of("name+0x45 and more"))).isNull();
    assertThat(PrintedPlace.whole(LineCursor.of("0xffff"))).isNull();
  }

  private static StackFrame next(String text) {
    LineCursor line = LineCursor.of(text);
    StackFrame place = PrintedPlace.next(line);
    assertThat(place).isNotNull();
    assertThat(line.atEnd()).isTrue();
    return place;
  }
}
