package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a trace instance whose process is gone; needs /bin/sh, as every test run does.
 */
final class GuardianTest {
  private static final String EVENTS =
      "p:kprobes/mine foo\ne:dropsite_7/kfree_skb skb.kfree_skb a=$a\ne:dropsite_77/other x.y\n";

  @TempDir private Path root;
  private Path instance;
  private Path events;

  @BeforeEach
  void makeTracefs() throws IOException {
    instance = Files.createDirectories(root.resolve("instances/dropsite-7"));
    events = Files.writeString(root.resolve("dynamic_events"), EVENTS);
  }

  private Guardian guardian() {
    return Guardian.of(new Tracefs(root), "instances/dropsite-7", "dropsite_7");
  }

  /** Waits for all shells that this process has started. */
  private static void awaitShells() throws Exception {
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      child.onExit().get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void takesInstanceAndProbesOfAKilledProcessAway() throws Exception {
    // As the kernel closes it.
    guardian().lifeline().close();
    awaitShells();
    assertThat(instance).doesNotExist();
    assertThat(events).hasContent(EVENTS + "-:dropsite_7/kfree_skb\n");
  }

  @Test
  void doesNothingWhenSentAway() throws Exception {
    guardian().close();
    awaitShells();
    assertThat(instance).exists();
    assertThat(events).hasContent(EVENTS);
  }
}
