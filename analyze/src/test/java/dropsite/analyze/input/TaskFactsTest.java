package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskFactsTest {

  @Test
  void everyKindOfLineTellsNameAndNumber() {
    assertThat(TaskFacts.of("CPU: 0 UID: 0 PID: 5994 Comm: kworker/0:4 Not tainted 6.13.0 #0"))
        .isEqualTo(EventFacts.ofTask("kworker/0:4", 5994).on("6.13.0"));
    assertThat(TaskFacts.of("Pid: 802, comm: wpa Tainted: P           O 3.6.1 #1"))
        .isEqualTo(EventFacts.ofTask("wpa", 802).on("3.6.1"));
    assertThat(TaskFacts.of("task:a:b             state:D stack:0     pid:34    ppid:2"))
        .isEqualTo(EventFacts.ofTask("a:b", 34));
    assertThat(TaskFacts.of("bash            S ffff88007b4d3c00     0  1234      1 0x00000080"))
        .isEqualTo(EventFacts.ofTask("bash", 1234));
    assertThat(TaskFacts.of("kworker/0:1     R  running task        0    21      2 0x80000000"))
        .isEqualTo(EventFacts.ofTask("kworker/0:1", 21));
    assertThat(TaskFacts.of("INFO: task kworker/0:1:34 blocked for more than 120 seconds."))
        .isEqualTo(EventFacts.ofTask("kworker/0:1", 34));
    assertThat(TaskFacts.of("Process wpa (pid: 948, stack limit = 0x239be54a)"))
        .isEqualTo(EventFacts.ofTask("wpa", 948));
    assertThat(TaskFacts.of("comm \"modprobe\", pid 12, jiffies 4294667296"))
        .isEqualTo(EventFacts.ofTask("modprobe", 12));
    assertThat(TaskFacts.of("Allocated by task 900 on cpu 1 at 12.3s:"))
        .isEqualTo(EventFacts.ofTask(null, 900));
  }

  @Test
  void aNameThatLooksLikeTheLineIsTakenWhole() {
    assertThat(TaskFacts.of("CPU: 0 PID: 9 Comm:  PID: 1 Comm: x Not tainted 6.1.0 #1"))
        .isEqualTo(EventFacts.ofTask(" PID: 1 Comm: x", 9).on("6.1.0"));
    assertThat(TaskFacts.of("task: state:S pid:1  state:D stack:0     pid:34    ppid:2"))
        .isEqualTo(EventFacts.ofTask("state:S pid:1", 34));
    assertThat(TaskFacts.of("Process a (pid: 1, (pid: 948, stack limit = 0x239be54a)"))
        .isEqualTo(EventFacts.ofTask("a (pid: 1,", 948));
  }

  /** What a line prints between the taints and the number of the build. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "Tainted: G           OE      6.12.117+deb12-cloud-amd64 #1  Debian 6.12.117-1, "
            + "6.12.117+deb12-cloud-amd64",
        "Kdump: loaded Tainted: G W ------- --- 5.14.0-1.el9.x86_64 #1, 5.14.0-1.el9.x86_64",
        "Not tainted (2.6.24.3 #1), 2.6.24.3",
        "Not tainted 9.9 #2 Not tainted 6.1.0-rc2-gabc+ #3, 6.1.0-rc2-gabc+",
        "Not tainted 6.1.0, -",
        "Not tainted #1, -",
        "Tainted: G #1 6.1.0 #2, -",
        "9.9 #1, -",
      })
  void theReleaseStandsBehindTheTaints(String taints, @Nullable String release) {
    assertThat(TaskFacts.of("CPU: 0 PID: 9 Comm: x " + taints).release()).isEqualTo(release);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CPU: ",
        "CPU: 0 PID: ",
        "CPU: 0 PID: 99999999999 Comm: Not tainted",
        "Pid: ",
        "task:",
        "task: state:",
        "INFO: task blocked for more than 120 seconds.",
        "INFO: task : blocked for more than ",
        "Process (pid: ",
        "comm \", pid ",
        "Allocated by task ",
        "page last free pid ",
        "ordinary lines  S  have numbers 1 2 3 as well",
      })
  void whatIsCutOffTellsNothing(String line) {
    assertThat(TaskFacts.of(line)).isEqualTo(EventFacts.NONE);
  }
}
