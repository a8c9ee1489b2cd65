package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.capture.SourceUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a folder that looks like tracefs; the kernel's own is used by {@link TracefsHostTest}. */
final class TraceInstanceTest {
  /** More than the kernel gives out. */
  private static final long GONE = 999_999_999L;

  @TempDir private Path root;

  private Path instance(String name) throws IOException {
    return Files.createDirectories(root.resolve("instances").resolve(name));
  }

  @Test
  void whatADeadProcessLeftIsTakenAway() throws IOException {
    long alive = ProcessHandle.current().pid();
    Path dead = instance("dropsite-" + GONE);
    Path living = instance("dropsite-" + alive);
    Path script = instance("dropsite-sh.1.2");
    Path stranger = instance("other-" + GONE);
    TraceInstance made = TraceInstance.create(new Tracefs(root), 1);
    assertThat(dead).doesNotExist();
    assertThat(living).exists();
    assertThat(script).exists();
    assertThat(stranger).exists();
    assertThat(root.resolve("instances/dropsite-1")).exists();
    made.close();
    assertThat(root.resolve("instances/dropsite-1")).doesNotExist();
  }

  @Test
  void whatAnEarlierProcessOfOurNumberLeftIsTakenAway() throws IOException {
    instance("dropsite-7");
    TraceInstance.create(new Tracefs(root), 7).close();
    assertThat(root.resolve("instances/dropsite-7")).doesNotExist();
  }

  @Test
  void probesOfDeadProcessesAreTakenAwayAndNoOthers() throws IOException {
    instance("x");
    Path events = root.resolve("dynamic_events");
    Files.writeString(
        events,
        "p:kprobes/mine foo\ne:dropsite_%d/kfree_skb skb.kfree_skb skbaddr=$skbaddr:x64\n"
            .formatted(GONE));
    TraceInstance.create(new Tracefs(root), 1).close();
    // What was written to the file stands in front of what the kernel would have read.
    assertThat(Files.readString(events)).startsWith("-:dropsite_" + GONE + "/kfree_skb\n");
  }

  @Test
  void tracefsIsFoundAmongTheMounts() throws Exception {
    Files.createDirectory(root.resolve("instances"));
    Path mounts = root.resolve("mounts");
    Files.writeString(mounts, "proc /proc proc rw 0 0\nnodev " + root + " tracefs rw 0 0\n");
    assertThat(Tracefs.find(mounts).has("mounts")).isTrue();
    Files.writeString(mounts, "proc /proc proc rw 0 0\n");
    assertThatThrownBy(() -> Tracefs.find(mounts))
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessage(
            "tracefs is not mounted; to mount it: mount -t tracefs nodev /sys/kernel/tracing");
  }
}
