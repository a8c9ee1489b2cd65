package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import org.junit.jupiter.api.Test;

final class SourcePathTest {
  private static final long TEXT = 0xffffffff81000000L;

  @Test
  void theBuildFolderIsWhatStandsBeforeAFileThatEveryKernelHas() {
    MemorySymbols vmlinux =
        new MemorySymbols().with("start_kernel", TEXT, 0x100, "/build/linux-6.1/init/main.c", 900);
    assertThat(SourcePath.buildPrefix(vmlinux)).isEqualTo("/build/linux-6.1/");
  }

  @Test
  void aModuleDoesNotShowItsBuildFolder() {
    MemorySymbols module = new MemorySymbols().with("hook", 0x1000, 0x100, "/b/net/x.c", 1);
    assertThat(SourcePath.buildPrefix(module)).isEmpty();
  }

  @Test
  void thePrefixAndStepsThatLeadNowhereAreStripped() {
    assertThat(SourcePath.strippedOf("/b/", "/b/net/ipv4/ip_output.c"))
        .isEqualTo("net/ipv4/ip_output.c");
    assertThat(SourcePath.strippedOf("/b/", "/b/./include/linux/skbuff.h"))
        .isEqualTo("include/linux/skbuff.h");
    assertThat(SourcePath.strippedOf("/b/", "/b/net/../include/./linux/skbuff.h"))
        .isEqualTo("include/linux/skbuff.h");
    assertThat(SourcePath.strippedOf("", "/usr/src/x.c")).isEqualTo("/usr/src/x.c");
    assertThat(SourcePath.strippedOf("/b/", "/other/x.c")).isEqualTo("/other/x.c");
    assertThat(SourcePath.strippedOf("/b/", "../../x/..y/.z/w.c")).isEqualTo("../../x/..y/.z/w.c");
  }
}
