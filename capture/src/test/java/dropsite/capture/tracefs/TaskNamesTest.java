package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskNamesTest {
  @TempDir private Path proc;

  private TaskNames names() throws IOException {
    Path thread = Files.createDirectory(proc.resolve("21"));
    Files.writeString(thread.resolve("status"), "Name:\tx\\nTgid:\\t1\nTgid:\t20\nPid:\t21\n");
    Files.write(thread.resolve("comm"), "x\nTgid:\t1\n".getBytes(StandardCharsets.ISO_8859_1));
    Path saved = proc.resolve("saved_cmdlines");
    Files.writeString(saved, "30 nc\n31 <...>\n3 other\n");
    return new TaskNames(proc, saved);
  }

  @Test
  void aThreadBelongsToItsProcess() throws IOException {
    assertThat(names().of(21, "", false)).isEqualTo(new Task(20, 21, "x\nTgid:\t1", 0, false));
  }

  @Test
  void theNameInTheRecordCounts() throws IOException {
    assertThat(names().of(21, "fetched", true)).isEqualTo(new Task(20, 21, "fetched", 0, true));
  }

  @Test
  void theKernelMayStillKnowTheNameOfOneThatEnded() throws IOException {
    TaskNames names = names();
    assertThat(names.of(30, "", false)).isEqualTo(new Task(30, 30, "nc", 0, false));
    assertThat(names.of(31, "", false).comm()).isEmpty();
    assertThat(names.of(32, "", false).comm()).isEmpty();
  }

  @Test
  void theIdleTaskIsInNoFolder() throws IOException {
    assertThat(names().of(0, "swapper/1", true)).isEqualTo(new Task(0, 0, "swapper/1", 0, true));
  }
}
