package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.box.Namespace;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.report.TimeSpan.Moment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NarrowingTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Namespace WEB = new Namespace(7, List.of("web"), false, List.of(), Map.of());

  @Test
  void nothingAskedForLeavesNothingOut() {
    assertThat(Narrowing.NONE.admitsMoment(facts(null, null, null), null)).isTrue();
    assertThat(Narrowing.NONE.admitsHost("")).isTrue();
  }

  @Test
  void timesCountFromTheBeginningOrFrom1970() {
    TimeSpan fromSecond2 = new TimeSpan(new Moment(2 * SECOND, true), null);
    assertThat(in(fromSecond2, 11 * SECOND)).isFalse();
    assertThat(in(fromSecond2, 12 * SECOND)).isTrue();
    TimeSpan untilSecond12 = new TimeSpan(null, new Moment(12 * SECOND, false));
    assertThat(in(untilSecond12, 12 * SECOND - 1)).isTrue();
    assertThat(in(untilSecond12, 12 * SECOND)).isFalse();
  }

  @Test
  void eventsWithoutTimeLieInNoSpan() {
    assertThat(new TimeSpan(new Moment(0, false), null).contains(null, null)).isFalse();
    assertThat(TimeSpan.ALL.contains(null, null)).isTrue();
  }

  private static boolean in(TimeSpan span, long nanos) {
    return span.contains(nanos, 10 * SECOND);
  }

  @Test
  void namesMayBeginOrEndWithAStar() {
    Narrowing nginx = byComm("nginx*", "curl");
    assertThat(nginx.admitsMoment(facts(null, "nginx-worker", null), null)).isTrue();
    assertThat(nginx.admitsMoment(facts(null, "curl", null), null)).isTrue();
    assertThat(nginx.admitsMoment(facts(null, "curly", null), null)).isFalse();
    assertThat(nginx.admitsMoment(facts(null, null, null), null)).isFalse();
  }

  @Test
  void namespacesGoByNameOrNumber() {
    assertThat(byNetns("web").admitsNamespace(7L, WEB)).isTrue();
    assertThat(byNetns("7").admitsNamespace(7L, null)).isTrue();
    assertThat(byNetns("db").admitsNamespace(7L, WEB)).isFalse();
    assertThat(byNetns("web").admitsNamespace(null, null)).isFalse();
  }

  private static Narrowing byComm(String... comms) {
    return new Narrowing(
        TimeSpan.ALL, List.of(comms), List.of(), List.of(), List.of(), List.of(), 0, false);
  }

  private static Narrowing byNetns(String netns) {
    return new Narrowing(
        TimeSpan.ALL, List.of(), List.of(netns), List.of(), List.of(), List.of(), 0, false);
  }

  private static EventFacts facts(
      @Nullable Long nanos, @Nullable String comm, @Nullable Long netns) {
    return new EventFacts(nanos, comm, null, null, netns, null, null, null, null, null);
  }
}
