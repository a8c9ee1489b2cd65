package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinePrefixTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[   12.345678]  f+0x1/0x2",
        "[1234567.345678]  f+0x1/0x2",
        "<4>[   12.345678]  f+0x1/0x2",
        "<4> f+0x1/0x2",
        "kern  :warn  : [   12.345678]  f+0x1/0x2",
        "kern  :emerg : [Tue Nov 21 17:13:47 2026]  f+0x1/0x2",
        "[Tue Nov 21 17:13:47 2026]  f+0x1/0x2",
        "[Nov21 17:13]  f+0x1/0x2",
        "[  +0.000421]  f+0x1/0x2",
        "[<    0.000421>]  f+0x1/0x2",
        "[   12.345678 <    0.000421>]  f+0x1/0x2",
        "2026-11-21T17:31:34,019731+00:00  f+0x1/0x2",
        "4,1234,297151593,-; f+0x1/0x2",
        "Jan  2 17:25:01 host kernel: [   39.512345]  f+0x1/0x2",
        "Jan  2 17:25:01 host kernel:  f+0x1/0x2",
        "Nov 21 17:25:01.123456 host kernel:  f+0x1/0x2",
        "2026-11-21T17:13:47.123456+00:00 host kernel: [   39.512345]  f+0x1/0x2",
        "2026-11-21T17:13:47+0000 host kernel:  f+0x1/0x2",
        "2026-11-21T17:13:47.1234567Z [   39.512345]  f+0x1/0x2",
        "Tue 2026-11-21 17:13:47 UTC host kernel:  f+0x1/0x2",
        "Tue Nov 21 17:13:47 2026 kern.warn kernel: [   39.512345]  f+0x1/0x2",
        "1795281227.123456 host kernel:  f+0x1/0x2",
        "[   39.512345] host kernel:  f+0x1/0x2",
      })
  void theLineBehindAPrefixIsThatOfTheKernel(String line) {
    LineCursor cursor = LineCursor.of(line);
    assertThat(LinePrefix.skip(cursor)).isEqualTo(LinePrefix.skip(LineCursor.of("[    0.1] ")));
    assertThat(cursor.accept(" f+0x1/0x2")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " f+0x1/0x2",
        "f+0x1/0x2",
        "[<ffffffff81234567>] f+0x1/0x2",
        "[c000000010f930b0] [c000000008068df8] .f+0x278/0x390",
        "[ BUG: lock held when returning to user space! ]",
        "[80b0f484] *pgd=80a1141e(bad)",
        "<IRQ>",
        "<4",
        "kernel BUG at net/core/skbuff.c:12!",
        "WARNING: at net/core/dev.c:12",
        "Tue",
        "Trace of 12:30 ended",
        "Nov",
        "12.5 seconds",
        "4,5,6",
        "Jan  2 17:25:01 host last message repeated 2 times",
        "2026-11-21T09:08:07.123 0xffff997d135cf300 17  /usr/bin/curl:3433 4026531840 0",
        "-- Boot 0123456789abcdef0123456789abcdef --",
        "ffffffff81234567 f+12",
        "0xffffffff81234567",
      })
  void aLineWithoutPrefixIsLeftWhole(String line) {
    LineCursor cursor = LineCursor.of(line);
    assertThat(LinePrefix.skip(cursor)).isEqualTo(LinePrefix.NO_PREFIX);
    assertThat(cursor.position()).isZero();
  }

  @Test
  void everyCallerHasALaneOfItsOwn() {
    long processor = lane("[  297.151593][    C1] x");
    assertThat(lane("<4>[  298.000001][    C1] y")).isEqualTo(processor);
    assertThat(lane("[Tue Nov 21 17:13:47 2026] [    C1] y")).isEqualTo(processor);
    assertThat(lane("[    C1] y")).isEqualTo(processor);
    assertThat(lane("6,1234,297151593,-,caller=C1;y")).isEqualTo(processor);
    assertThat(lane("Jan  2 17:25:01 host kernel: [  297.151593][    C1] y")).isEqualTo(processor);
    assertThat(lane("[  297.151593][    C2] x")).isNotEqualTo(processor);
    assertThat(lane("[  297.151593][    T1] x")).isNotEqualTo(processor);
    assertThat(lane("[  297.151593] x")).isNotEqualTo(processor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Jan  2 17:25:01 host sshd[123]: f+0x1/0x2",
        "2026-11-21T17:13:47.123456+00:00 host systemd[1]: f+0x1/0x2",
        "Nov 21 17:25:01 host CRON[12]: (root) CMD (kernel: x)",
      })
  void linesOfOtherProgramsAreNeverAmongThoseOfTheKernel(String line) {
    assertThat(lane(line)).isEqualTo(LinePrefix.OTHERS);
  }

  private static long lane(String line) {
    return LinePrefix.skip(LineCursor.of(line));
  }
}
