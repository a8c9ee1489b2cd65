package dropsite.btf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Types of whole kernels, which testdata/kernels/fetch unpacks into the folder that the property
 * dropsite.kernels names; what they say was read off {@code bpftool btf dump}. Needs objcopy.
 */
@Tag("kernels")
final class KernelBtfTest {
  @TempDir private Path folder;

  private Btf kernel(String version) throws IOException, InterruptedException {
    Path boot = Path.of(System.getProperty("dropsite.kernels"), version, "usr/lib/debug/boot");
    Path btf = folder.resolve("btf");
    try (Stream<Path> files = Files.list(boot)) {
      Path vmlinux =
          files
              .filter(file -> file.getFileName().toString().startsWith("vmlinux-"))
              .findFirst()
              .orElseThrow();
      Process objcopy =
          new ProcessBuilder(
                  "objcopy",
                  "-O",
                  "binary",
                  "--only-section=.BTF",
                  vmlinux.toString(),
                  btf.toString())
              .inheritIO()
              .start();
      assertThat(objcopy.waitFor()).isZero();
    }
    return Btf.read(
        new Bytes("vmlinux", "BTF", MemorySegment.ofArray(Files.readAllBytes(btf)), false));
  }

  @ParameterizedTest
  @CsvSource({
    "6.1, 144, 216, 1280, 144, 1, 3",
    "6.12, 148, 224, 280, 136, 2, 4",
  })
  void membersLieWhereTheKernelHasThem(
      String version,
      int iif,
      int ifindex,
      int namespace,
      int inode,
      int notSpecified,
      int parameters)
      throws IOException, InterruptedException {
    Btf btf = kernel(version);
    assertThat(bytes(btf, "sk_buff", "skb_iif")).isEqualTo(iif);
    assertThat(bytes(btf, "sk_buff", "head")).isEqualTo(200);
    assertThat(bytes(btf, "sk_buff", "mac_header")).isEqualTo(186);
    assertThat(bytes(btf, "net_device", "ifindex")).isEqualTo(ifindex);
    assertThat(bytes(btf, "net_device", "nd_net.net")).isEqualTo(namespace);
    assertThat(bytes(btf, "net", "ns.inum")).isEqualTo(inode);
    assertThat(btf.enumerators("skb_drop_reason"))
        .containsEntry("SKB_DROP_REASON_NOT_SPECIFIED", (long) notSpecified);
    // The first is the data of the probe, which no program is given.
    assertThat(btf.parameters("btf_trace_kfree_skb").orElseThrow()).hasSize(parameters + 1);
  }

  private static long bytes(Btf btf, String structure, String member) {
    return btf.member(structure, member).orElseThrow().offsetBytes();
  }
}
