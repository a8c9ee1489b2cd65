package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropFilter;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KernelFilterTest {
  private static final DropFilter ALL_KINDS =
      new DropFilter(
          List.of("nc", "kworker/0:1"),
          List.of(17),
          List.of(4026531840L, 4026532000L),
          List.of("eth0"),
          List.of(0x800),
          List.of(6),
          List.of(),
          List.of(53),
          List.of(2, 0x10003),
          "udp");

  private static KernelFilter filter(DropFilter filter, String format) throws IOException {
    return KernelFilter.of(filter, RecordedTrace.of("6.12").format(format));
  }

  @Test
  void aProbeChecksWhatItFetches() throws IOException {
    KernelFilter filter = filter(ALL_KINDS, "probe.format");
    assertThat(filter.text())
        .contains(
            "(reason==2 || reason==65539) && (protocol==2048) && (dev_netns==4026531840 ||"
                + " dev_netns==4026532000 || sk_netns==4026531840 || sk_netns==4026532000 ||"
                + " rx_sk_netns==4026531840 || rx_sk_netns==4026532000) && (dev_name==\"eth0\")");
    // A name with a slash might be more than a name in the kernel's language.
    assertThat(filter.left())
        .containsExactly("task name", "process", "transport protocol", "port", "expression");
  }

  @Test
  void theTracepointChecksWhatItHas() throws IOException {
    KernelFilter filter = filter(ALL_KINDS, "kfree_skb.format");
    assertThat(filter.text()).contains("(reason==2 || reason==65539) && (protocol==2048)");
    assertThat(filter.left()).contains("network namespace", "interface");
  }

  @Test
  void taskNamesAreCompared() throws IOException {
    DropFilter names =
        new DropFilter(
            List.of("nc", "curl"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null);
    assertThat(filter(names, "kfree_skb.format").text())
        .contains("(comm==\"nc\" || comm==\"curl\")");
  }

  @Test
  void aNameCannotAddToTheFilter() throws IOException {
    DropFilter hostile =
        new DropFilter(
            List.of("\"||reason==1"),
            List.of(),
            List.of(),
            List.of("a\\\"b"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null);
    KernelFilter filter = filter(hostile, "probe.format");
    assertThat(filter.text()).isEmpty();
    assertThat(filter.left()).containsExactly("task name", "interface");
  }

  @Test
  void nothingAskedIsNothingFiltered() throws IOException {
    KernelFilter filter = filter(DropFilter.ALL, "probe.format");
    assertThat(filter.text()).isEmpty();
    assertThat(filter.left()).isEmpty();
  }
}
