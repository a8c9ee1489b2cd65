package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordedKernelTest {
  private static final String CAPTURE =
      """
      ==> dropsite-capture 1 <==
      ==> kernel <==
       clock boot=12.34 real=1795272773.158115241
       release 6.12.1-test
       version #1 SMP
       notes 04 00 00 00 08 00 00 00 06 00 00 00 58 65 6e 00 00 00 00 00 00 00 00 00 04 00 00 00 04 00 00 00 03 00 00 00 47 4e 55 00 0a 1B 2c 3d
       symbol _text ffffffff85200000
       symbol _stext 0000000000000000
      ==> modules <==
       nf_tables 405504 2 nft_compat,nft_chain_nat, Live 0xffffffffc04ca000 (E)
       hidden 4096 0 - Live 0x0000000000000000
       bridge 425984 1 br_netfilter, Live 0xffffffffc0600000
       cut 1234
      ==> module-details <==
       nf_tables notes 04 00 00 00 04 00 00 00 03 00 00 00 47 4e 55 00 de ad be ef
       nf_tables section .text 0xffffffffc04cb000
      ==> format <==
       print fmt: "reason: %s", __print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 0x20003, "OTHER" })
      ==> events <==
       release of a hostile name
       nf_tables 1 2 - Live 0xffffffffc0000001
      ==> modules <==
       veth 40960 0 - Live 0xffffffffc0700000
      """;

  @TempDir private Path folder;

  @Test
  void theSectionsOfACaptureDescribeItsKernel() throws IOException {
    KernelFacts facts = read(CAPTURE);
    assertThat(facts.source()).isEqualTo(folder.resolve("text").toString());
    assertThat(facts.release()).isEqualTo("6.12.1-test");
    assertThat(facts.buildId()).isEqualTo("0a1b2c3d");
    assertThat(facts.symbols()).isEqualTo(Map.of("_text", 0xffffffff85200000L));
    assertThat(facts.modules())
        .containsExactly(
            new LoadedModule(
                "nf_tables",
                0xffffffffc04cb000L,
                405504,
                "deadbeef",
                Map.of(".text", 0xffffffffc04cb000L)),
            new LoadedModule("hidden", 0, 4096, null),
            new LoadedModule("bridge", 0xffffffffc0600000L, 425984, null),
            new LoadedModule("veth", 0xffffffffc0700000L, 40960, null));
    assertThat(facts.reasons()).isEqualTo(Map.of(2L, "NOT_SPECIFIED", 0x20003L, "OTHER"));
  }

  @Test
  void buildIdsOfBigEndianKernelsAreRead() throws IOException {
    String notes = " notes 00 00 00 04 00 00 00 02 00 00 00 03 47 4e 55 00 ab cd\n";
    assertThat(read("==> dropsite-capture 1 <==\n==> kernel <==\n" + notes).buildId())
        .isEqualTo("abcd");
  }

  @Test
  void otherTextsSayNothing() throws IOException {
    assertThat(read("==> kernel <==\n release 6.12\n")).isEqualTo(KernelFacts.NONE);
    assertThat(read("\n".repeat(100) + CAPTURE)).isEqualTo(KernelFacts.NONE);
    assertThat(RecordedKernel.in(folder)).isEqualTo(KernelFacts.NONE);
  }

  /** A piece of a line that is too long to be read at once may look like the line of a section. */
  @Test
  void whatGoesOnALongLineBeginsNoSection() throws IOException {
    String forged =
        "==> dropsite-capture 1 <==\n==> nft <==\n"
            + " ".repeat(1 << 16)
            + "==> kernel <==\n release 1\n";
    assertThat(read(forged).release()).isNull();
  }

  @Test
  void aLaterFormatIsRefused() {
    assertThatThrownBy(() -> read("==> dropsite-capture 22 1x <==\n"))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("later dropsite");
  }

  @Test
  void damagedTextIsReadToItsEnd() throws IOException {
    Random random = new Random(4);
    byte[] text = CAPTURE.getBytes(StandardCharsets.ISO_8859_1);
    for (int round = 0; round < 1000; round++) {
      byte[] damaged = text.clone();
      for (int i = random.nextInt(30); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(folder.resolve("damaged"), damaged);
      try {
        assertThat(RecordedKernel.in(file).modules()).hasSizeLessThan(8);
      } catch (MalformedInputException e) {
        assertThat(e).hasMessageContaining("later dropsite");
      }
    }
  }

  private KernelFacts read(String text) throws IOException {
    return RecordedKernel.in(
        Files.write(folder.resolve("text"), text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
