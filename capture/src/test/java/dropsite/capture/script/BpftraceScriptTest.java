package dropsite.capture.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BpftraceScriptTest {
  private static final Path CAPTURES = Path.of("..", "testdata", "captures");

  @TempDir private Path folder;

  @Test
  void kernelsThatGiveAReasonGetTheScriptThatPrintsIt() throws IOException {
    for (String kernel : new String[] {"6.1", "6.12"}) {
      Path format = CAPTURES.resolve(kernel).resolve("kfree_skb.format");
      assertThat(BpftraceScript.forTracepoint(format))
          .as(kernel)
          .isEqualTo(BpftraceScript.WITH_REASON);
    }
  }

  @Test
  void kernelsWithoutReasonGetTheOtherScript() throws IOException {
    Path format = folder.resolve("format");
    Files.writeString(
        format,
        """
        name: kfree_skb
        format:
        \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

        \tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;
        \tfield:unsigned short protocol;\toffset:24;\tsize:2;\tsigned:0;

        print fmt: "skbaddr=%p no reason; protocol=%u", REC->skbaddr, REC->protocol
        """);
    assertThat(BpftraceScript.forTracepoint(format)).isEqualTo(BpftraceScript.WITHOUT_REASON);
  }

  /** A mend in one of them that the other does not get is a mistake. */
  @Test
  void scriptsDifferByTheReasonOnly() throws IOException {
    String without =
        program(BpftraceScript.WITH_REASON)
            .replace(" reason=%u", "")
            .replace(" args->reason,", "")
            .replaceAll(" *printf\\(\"[^\"]*==> format.*\n.*\n", "");
    assertThat(program(BpftraceScript.WITHOUT_REASON)).isEqualTo(without);
  }

  /** Headers of the kernel are on no production box. */
  @Test
  void scriptsNeedNoHeaders() throws IOException {
    for (BpftraceScript script : BpftraceScript.values()) {
      assertThat(script.text()).startsWith("#!").doesNotContain("#include");
    }
  }

  private static String program(BpftraceScript script) throws IOException {
    String text = script.text();
    return text.substring(text.indexOf("\nBEGIN"));
  }
}
