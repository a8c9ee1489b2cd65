package dropsite.analyze.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not the cache's own stays as it is, whatever its name. */
final class CacheFolderTest {
  private static final String ENTRY = "ab12-1f-2e.v1";

  @TempDir private Path home = Path.of("");

  private Path path;
  private CacheFolder folder;

  @BeforeEach
  void makeFolder() throws IOException {
    path = home.resolve("dropsite");
    folder = new CacheFolder(path);
    folder.create();
    assertThat(folder.usable()).isTrue();
  }

  private Path file(String name) throws IOException {
    return Files.writeString(path.resolve(name), "0123456789");
  }

  @Test
  void filesOfOtherNamesAreNeverDeletedNorCounted() throws IOException {
    List<Path> foreign = new ArrayList<>();
    for (String name :
        List.of(
            "download.unfinished",
            "alone.gsym",
            "pair.gsym",
            "pair.gsym.facts",
            "half.v1.gsym.unfinished",
            ENTRY + ".gsym.old",
            "x" + ENTRY + ".gsym",
            ENTRY + ".gsym.facts.gsym")) {
      foreign.add(file(name));
    }
    Path entry = file(ENTRY + ".gsym");
    Path sidecar = file(ENTRY + ".gsym.facts");
    folder.evict(20, null);
    assertThat(foreign).allSatisfy(file -> assertThat(file).exists());
    assertThat(entry).as("20 bytes fit, without the others").exists();
    folder.evict(19, null);
    assertThat(foreign).allSatisfy(file -> assertThat(file).exists());
    assertThat(entry).doesNotExist();
    assertThat(sidecar).doesNotExist();
  }

  @Test
  void whatWasNeverFinishedGoesInEveryVersion() throws IOException {
    for (String version : List.of("ab-1-2.v1", "ab-1-2.v27")) {
      Path alone = file(version + ".gsym");
      Path half = file(version + ".gsym.unfinished");
      Path halfSidecar = file(version + ".gsym.facts.unfinished");
      folder.evict(1000, null);
      assertThat(List.of(alone, half, halfSidecar))
          .allSatisfy(file -> assertThat(file).doesNotExist());
    }
  }

  @Test
  void foldersAndLinksWithItsNamesAreLetBe() throws IOException {
    Path empty = Files.createDirectory(path.resolve(ENTRY + ".gsym.unfinished"));
    Path full = Files.createDirectory(path.resolve("cd-1-2.v1.gsym"));
    Files.createFile(full.resolve("something"));
    Path elsewhere = Files.writeString(home.resolve("elsewhere"), "somebody's");
    Path link = Files.createSymbolicLink(path.resolve("ef-1-2.v1.gsym"), elsewhere);
    folder.evict(0, null);
    folder.delete("ef-1-2.v1");
    folder.delete("cd-1-2.v1");
    assertThat(empty).isDirectory();
    assertThat(full.resolve("something")).exists();
    assertThat(link).isSymbolicLink();
    assertThat(elsewhere).hasContent("somebody's");
  }

  @Test
  void aLinkToAFolderIsNotUsed() throws IOException {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(home.resolve("link"), elsewhere);
    CacheFolder linked = new CacheFolder(link);
    linked.create();
    assertThat(linked.usable()).isFalse();
    assertThat(Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void theSparedEntryGoesLast() throws IOException {
    file("ab-1-1.v1.gsym");
    file("ab-1-1.v1.gsym.facts");
    file(ENTRY + ".gsym");
    file(ENTRY + ".gsym.facts");
    folder.evict(20, "ab-1-1.v1");
    assertThat(folder.symbols("ab-1-1.v1")).exists();
    assertThat(folder.symbols(ENTRY)).doesNotExist();
  }
}
