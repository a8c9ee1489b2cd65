package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskFactsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'kworker/0:4' | 5994 | 'CPU: 0 UID: 0 PID: 5994 Comm: kworker/0:4 Not tainted 6.13.0 #0'
          'wpa' | 802 | 'Pid: 802, comm: wpa Tainted: P           O 3.6.1 #1'
          'a:b' | 34 | 'task:a:b             state:D stack:0     pid:34    ppid:2'
          'bash' | 1234 | 'bash            S ffff88007b4d3c00     0  1234      1 0x00000080'
          'kworker/0:1' | 21 | 'kworker/0:1     R  running task        0    21      2 0x80000000'
          'kworker/0:1' | 34 | 'INFO: task kworker/0:1:34 blocked for more than 120 seconds.'
          'wpa' | 948 | 'Process wpa (pid: 948, stack limit = 0x239be54a)'
          'modprobe' | 12 | 'comm "modprobe", pid 12, jiffies 4294667296'
           | 900 | 'Allocated by task 900 on cpu 1 at 12.3s:'
          """)
  void everyKindOfLineTellsNameAndNumber(@Nullable String comm, int pid, String line) {
    assertThat(TaskFacts.of(line))
        .extracting(EventFacts::comm, EventFacts::pid)
        .containsExactly(comm, pid);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ' PID: 1 Comm: x' | 9 | 'CPU: 0 PID: 9 Comm:  PID: 1 Comm: x Not tainted 6.1.0 #1'
          'state:S pid:1' | 34 | 'task: state:S pid:1  state:D stack:0     pid:34    ppid:2'
          'a (pid: 1,' | 948 | 'Process a (pid: 1, (pid: 948, stack limit = 0x239be54a)'
          """)
  void aNameThatLooksLikeTheLineIsTakenWhole(String comm, int pid, String line) {
    assertThat(TaskFacts.of(line))
        .extracting(EventFacts::comm, EventFacts::pid)
        .containsExactly(comm, pid);
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
