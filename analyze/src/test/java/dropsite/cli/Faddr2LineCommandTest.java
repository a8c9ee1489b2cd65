package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.ExitCode;
import org.junit.jupiter.api.Test;

final class Faddr2LineCommandTest {
  private static final String FILE = CommandRun.fixture("gcc-v5");
  private static final String MODULE = CommandRun.fixture("x86_64-gcc-v5.ko");

  @Test
  void theRecordedSizeIsTakenForTheSize() {
    // parse has 0x52 and 0x14a bytes, and the next symbol follows after 0x60 and 0x150.
    CommandRun run = CommandRun.of("faddr2line", FILE, "parse+0x15/0x14a");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).isEqualTo("parse+0x15/0x150:\nparse at /fixture/b.c:10\n");
  }

  @Test
  void theFirstByteOfAModulesSectionIsAPlaceToo() {
    // The script takes address 0 for a failure.
    CommandRun run = CommandRun.of("faddr2line", MODULE, "module_input+0");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).isEqualTo("module_input+0/0xf0:\nmodule_input at /fixture/module.c:16\n");
  }

  @Test
  void coldPartsKeepTheirNames() {
    CommandRun run = CommandRun.of("faddr2line", FILE, "receive.cold+1");
    assertThat(run.out()).isEqualTo("receive.cold+1/0x10:\nreceive.cold at /fixture/a.c:22\n");
  }

  @Test
  void anAddressThatNothingCoversIsReportedAsUnknown() {
    CommandRun run = CommandRun.of("faddr2line", FILE, "stop+0xe");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).isEqualTo("stop+0xe/0x11:\n?? at ??:0\n");
  }

  @Test
  void jsonNamesEveryFrameAndEveryFailure() {
    CommandRun run = CommandRun.of("faddr2line", "--json", FILE, "forward+0x11", "parse+1/2", "x");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out().lines())
        .containsExactly(
            "{\"query\":\"forward+0x11\",\"symbol\":\"forward\",\"offset\":17,\"size\":160,"
                + "\"section\":\".text\",\"linkAddress\":\"0x401681\",\"frames\":["
                + "{\"symbol\":null,\"function\":\"run_hook\",\"file\":\"/fixture/include/h.h\","
                + "\"line\":59,\"column\":17,\"discriminator\":0,\"inlined\":true},"
                + "{\"symbol\":\"forward\",\"function\":\"forward\",\"file\":\"/fixture/b.c\","
                + "\"line\":58,\"column\":10,\"discriminator\":0,\"inlined\":false}]}",
            "{\"query\":\"parse+1/2\",\"error\":\"no match for parse+1/2\",\"reasons\":["
                + "\"skipping parse address at 0x401031 due to size mismatch (2 != 0x60)\","
                + "\"skipping parse address at 0x401361 due to size mismatch (2 != 0x150)\"]}",
            "{\"query\":\"x\",\"error\":\"bad func+offset x\",\"reasons\":[]}");
  }

  @Test
  void aFileWithoutDebuggingInformationIsSaidToHaveNone() {
    String stripped = CommandRun.fixture("gcc-v5-stripped");
    CommandRun run = CommandRun.of("faddr2line", stripped, "forward+0x11");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).isEqualTo("forward+0x11/0xa0:\nforward at ??:0\n");
    assertThat(run.err())
        .isEqualTo(
            stripped
                + ": no debugging information; the file of the same build that has it is in the"
                + " distribution's -dbg or -debuginfo package\n");
  }

  @Test
  void sourcesThatCannotBeReadAreSaidOnce() {
    CommandRun run = CommandRun.of("faddr2line", "--list", FILE, "forward+0x11", "weigh+5");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out().lines())
        .containsExactly(
            "forward+0x11/0xa0:",
            "",
            "run_hook at /fixture/include/h.h:59",
            "",
            "(inlined by) forward at /fixture/b.c:58",
            "",
            "weigh+5/0x20:",
            "",
            "weigh at /fixture/b.c:33");
    assertThat(run.err().lines())
        .containsExactly(
            "/fixture/include/h.h: cannot read this source (run in the kernel's source tree)",
            "/fixture/b.c: cannot read this source (run in the kernel's source tree)");
  }

  @Test
  void onlyTheKernelsOwnFolderIsTakenOff() {
    SourceRoot root = new SourceRoot("debian/build/");
    assertThat(root.strip("debian/build/net/core/dev.c")).isEqualTo("net/core/dev.c");
    assertThat(root.strip("debian/build/././net/core/dev.c")).isEqualTo("net/core/dev.c");
    assertThat(root.strip("debian/build/a/../b.c")).isEqualTo("a/../b.c");
    assertThat(root.strip("/elsewhere/net/core/dev.c")).isEqualTo("/elsewhere/net/core/dev.c");
    assertThat(new SourceRoot("").strip("./a.c")).isEqualTo("./a.c");
  }
}
