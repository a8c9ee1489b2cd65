package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.KernelBanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelReleaseTest {
  @TempDir private Path folder;

  @Test
  void theBannerCountsMoreThanTheNameOfTheFile() throws IOException {
    Path file = KernelBanner.write(folder.resolve("vmlinux-6.9"), "6.1.0-9-amd64");
    assertThat(KernelRelease.of(file)).isEqualTo(new KernelRelease("6.1.0-9-amd64", true));
  }

  @Test
  void withoutABannerTheFileMayBeNamedByIt() throws IOException {
    Path named = Files.createFile(folder.resolve("vmlinux-6.1.0-9-amd64.gsym.xz"));
    assertThat(KernelRelease.of(named)).isEqualTo(new KernelRelease("6.1.0-9-amd64", false));
    Path other = Files.createFile(folder.resolve("kernel.gsym"));
    assertThat(KernelRelease.of(other)).isEqualTo(KernelRelease.UNKNOWN);
  }
}
