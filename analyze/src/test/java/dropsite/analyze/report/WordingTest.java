package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WordingTest {
  private static final long SECOND = 1_000_000_000L;

  /** 2026-11-21 20:48:08 UTC. */
  private static final long MOMENT = 1_795_294_088L * SECOND;

  @Test
  void numbersHaveSeparatorsAndTheirNoun() {
    assertThat(Wording.plural(0, "event")).isEqualTo("0 events");
    assertThat(Wording.plural(1, "event")).isEqualTo("1 event");
    assertThat(Wording.plural(1_234_567, "event")).isEqualTo("1,234,567 events");
  }

  @Test
  void aShareIsNeverRoundedToAllOrNothing() {
    assertThat(Wording.share(0, 10)).isEqualTo("0%");
    assertThat(Wording.share(1, 1000)).isEqualTo("<1%");
    assertThat(Wording.share(48, 100)).isEqualTo("48%");
    assertThat(Wording.share(999, 1000)).isEqualTo(">99%");
    assertThat(Wording.share(1000, 1000)).isEqualTo("100%");
    assertThat(Wording.share(3, 0)).isEqualTo("0%");
  }

  @Test
  void whatIsNotKnownToHaveCountedIsNotSaidToHaveNoCounter() {
    assertThat(Wording.counter(rule(5L))).isEqualTo("counter +5");
    assertThat(Wording.sureness(rule(5L))).isEqualTo("counter +5, low confidence");
    assertThat(Wording.sureness(rule(null))).isEqualTo("low confidence");
  }

  private static Attribution rule(@Nullable Long counted) {
    return new Attribution(
        Kind.RULE, "drop", null, null, null, counted, Confidence.LOW, List.of(), List.of());
  }

  @Test
  void aSpanHasItsDateOnceAndItsDuration() {
    assertThat(Wording.span(MOMENT, MOMENT + 30 * SECOND, true))
        .isEqualTo("2026-11-21 20:48:08 to 20:48:38 UTC (30 s)");
    assertThat(Wording.span(MOMENT, MOMENT + 86_400 * SECOND, true))
        .isEqualTo("2026-11-21 20:48:08 to 2026-11-22 20:48:08 UTC (1 d)");
    assertThat(Wording.span(MOMENT, MOMENT + SECOND / 4, true))
        .isEqualTo("2026-11-21 20:48:08.000 to 20:48:08.250 UTC (250 ms)");
    assertThat(Wording.span(MOMENT, MOMENT, true)).isEqualTo("2026-11-21 20:48:08.000 UTC");
    assertThat(Wording.span(5 * SECOND, 5 * SECOND + SECOND / 4, false))
        .isEqualTo("5.000 s to 5.250 s of the box's own clock (250 ms)");
  }

  @Test
  void durationsHaveTwoUnitsAtMost() {
    assertThat(Wording.duration(4_250_000_000L)).isEqualTo("4.3 s");
    assertThat(Wording.duration(65 * SECOND)).isEqualTo("1 min 5 s");
    assertThat(Wording.duration(7380 * SECOND)).isEqualTo("2 h 3 min");
    assertThat(Wording.duration(86_400 * 3 * SECOND + 1)).isEqualTo("3 d");
  }

  @Test
  void whatExplainsADropIsPutWithItsPlaceAndCounter() {
    Attribution rule =
        new Attribution(
            Kind.RULE,
            "-A INPUT -j DROP",
            "filter",
            "INPUT",
            "line 3",
            12L,
            Confidence.HIGH,
            List.of(),
            List.of());
    assertThat(Wording.named(rule)).isEqualTo("rule -A INPUT -j DROP");
    assertThat(Wording.standing(rule)).isEqualTo("table filter, chain INPUT, line 3");
    assertThat(Wording.counter(rule)).isEqualTo("counter +12");
  }

  @Test
  void ofALongTextItIsSaidHowMuchIsLeftOut() {
    assertThat(Wording.cut("abc", 3)).isEqualTo("abc");
    assertThat(Wording.cut("é".repeat(3000), 10))
        .isEqualTo("é".repeat(10) + "… (5,980 more bytes)");
    assertThat(Wording.cut("😀😀", 3)).isEqualTo("😀… (4 more bytes)");
  }
}
