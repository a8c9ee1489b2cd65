package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index that commands keep and use: answers never depend on it, nor does success. */
final class IndexCacheTest {
  private static final String KERNEL = CommandRun.fixture("gcc-v5");

  @TempDir private Path home = Path.of("");

  private CommandRun run(String... args) {
    return CommandRun.in(Map.of("XDG_CACHE_HOME", home.toString()), "", args);
  }

  private CommandRun keep(String kernel) {
    return run("addr2line", "--index-cache", "-e", kernel, "-fi", "401360");
  }

  private Path folder() {
    return home.resolve("dropsite");
  }

  private List<Path> entries() throws IOException {
    return filesEndingIn(".gsym");
  }

  private List<Path> filesEndingIn(String suffix) throws IOException {
    if (!Files.isDirectory(folder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static Path sidecar(Path entry) {
    return Path.of(entry + ".facts");
  }

  /** Every address of the code, asked in the two ways that print most. */
  private static List<String[]> questions() {
    String all =
        IntStream.range(0x401000, 0x401800)
            .mapToObj(Integer::toHexString)
            .collect(Collectors.joining(" "));
    List<String[]> questions = new ArrayList<>();
    for (String option : List.of("--json", "-afi")) {
      questions.add(
          Stream.concat(Stream.of("addr2line", option, "-e", KERNEL), Stream.of(all.split(" ", -1)))
              .toArray(String[]::new));
    }
    questions.add(new String[] {"faddr2line", "--json", KERNEL, "forward+0x11", "parse+5"});
    questions.add(new String[] {"faddr2line", KERNEL, "forward+0x11", "nosuch+1"});
    return questions;
  }

  @Test
  void keptIndexChangesNoByteOfTheOutput() throws IOException {
    List<CommandRun> before = questions().stream().map(this::run).toList();
    assertThat(entries()).isEmpty();
    assertThat(keep(KERNEL).err()).isEmpty();
    assertThat(entries()).hasSize(1);
    // What is read from here on does not come from the debugging information.
    Files.setLastModifiedTime(sidecar(entries().getFirst()), FileTime.from(Instant.EPOCH));
    assertThat(questions().stream().map(this::run).toList()).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(sidecar(entries().getFirst())).toInstant())
        .as("the index was used")
        .isAfter(Instant.EPOCH);
  }

  @Test
  void nothingIsKeptOrUsedWhenTheUserSaysSo() throws IOException {
    run("addr2line", "--index-cache", "--no-index-cache", "-e", KERNEL, "401360");
    assertThat(entries()).isEmpty();
    keep(KERNEL);
    FileTime longAgo = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(sidecar(entries().getFirst()), longAgo);
    run("addr2line", "--no-index-cache", "-e", KERNEL, "401360");
    assertThat(Files.getLastModifiedTime(sidecar(entries().getFirst()))).isEqualTo(longAgo);
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    keep(KERNEL);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aFolderThatOthersMayWriteIntoIsNotUsed() throws IOException {
    keep(KERNEL);
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setLastModifiedTime(sidecar(entries().getFirst()), FileTime.from(Instant.EPOCH));
    assertThat(keep(KERNEL).err()).contains("others may write into it").hasLineCount(1);
    assertThat(Files.getLastModifiedTime(sidecar(entries().getFirst())).toInstant())
        .isEqualTo(Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".facts"})
  void aDamagedEntryIsToldOnceAndMadeAnew(String suffix) throws IOException {
    CommandRun good = keep(KERNEL);
    Path file = Path.of(entries().getFirst() + suffix);
    byte[] bytes = Files.readAllBytes(file);
    byte[] damaged = bytes.clone();
    damaged[bytes.length / 2] ^= 1;
    Files.write(file, damaged);
    CommandRun told = run("addr2line", "-e", KERNEL, "-fi", "401360");
    assertThat(told.out()).isEqualTo(good.out());
    assertThat(told.exitCode()).isZero();
    assertThat(told.err()).contains("damaged").hasLineCount(1);
    assertThat(run("addr2line", "-e", KERNEL, "-fi", "401360").err()).isEmpty();
    assertThat(keep(KERNEL)).isEqualTo(good);
    assertThat(file).isRegularFile();
    assertThat(run("addr2line", "-e", KERNEL, "-fi", "401360")).isEqualTo(good);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".facts"})
  void aCutEntryIsNotUsed(String suffix) throws IOException {
    CommandRun good = keep(KERNEL);
    Path file = Path.of(entries().getFirst() + suffix);
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 3, 40, 200, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      CommandRun told = run("addr2line", "-e", KERNEL, "-fi", "401360");
      assertThat(told.out()).isEqualTo(good.out());
      assertThat(told.exitCode()).isZero();
      assertThat(told.err()).as("%d bytes", length).hasLineCount(1);
      keep(KERNEL);
    }
  }

  @Test
  void anEntryOfAnotherStateOfTheFileIsNotUsed() throws IOException {
    Path copy = Files.copy(Path.of(KERNEL), home.resolve("vmlinux"));
    keep(copy.toString());
    Files.setLastModifiedTime(copy, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
    keep(copy.toString());
    assertThat(entries()).hasSize(2);
  }

  @Test
  void whatAKilledProcessLeftIsTakenAway() throws IOException {
    keep(KERNEL);
    Path left = Files.writeString(folder().resolve("ab-1-2.v1.gsym.unfinished"), "half");
    Path alone = Files.writeString(folder().resolve("ab-1-3.v1.gsym"), "no sidecar");
    Path entry = entries().stream().filter(file -> !file.equals(alone)).findFirst().orElseThrow();
    Files.delete(sidecar(entry));
    keep(KERNEL);
    assertThat(left).doesNotExist();
    assertThat(alone).doesNotExist();
    assertThat(sidecar(entry)).exists();
  }

  @Test
  void theEntryUnusedLongestGoesFirst() throws IOException {
    List<String> kernels = List.of("gcc-v4", "gcc-v5", "clang-v5");
    List<Path> order = new ArrayList<>();
    for (String kernel : kernels) {
      List<Path> known = entries();
      keep(CommandRun.fixture(kernel));
      order.addAll(entries().stream().filter(file -> !known.contains(file)).toList());
    }
    assertThat(order).hasSize(3);
    for (int i = 0; i < 3; i++) {
      Files.setLastModifiedTime(sidecar(order.get(i)), FileTime.from(Instant.EPOCH.plusSeconds(i)));
    }
    // Uses the oldest, so that the second is the oldest now.
    run("addr2line", "-e", CommandRun.fixture(kernels.getFirst()), "401360");
    // No entry is a megabyte: copies make the folder too large for one.
    for (Path kept : List.of(order.get(1), order.get(2))) {
      Files.write(kept, new byte[600_000], StandardOpenOption.APPEND);
    }
    Files.setLastModifiedTime(sidecar(order.get(1)), FileTime.from(Instant.EPOCH.plusSeconds(1)));
    CommandRun.in(
        Map.of("XDG_CACHE_HOME", home.toString(), "DROPSITE_CACHE_MB", "1"),
        "",
        "addr2line",
        "--index-cache",
        "-e",
        CommandRun.fixture("clang-v4"),
        "401360");
    assertThat(entries()).contains(order.get(0), order.get(2)).doesNotContain(order.get(1));
  }

  @Test
  void aFolderThatCannotBeMadeIsToldOnlyWhenAsked() throws IOException {
    Files.writeString(folder(), "a file in the way");
    CommandRun run = keep(KERNEL);
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).hasLineCount(1).contains("dropsite");
    assertThat(run("addr2line", "-e", KERNEL, "-fi", "401360"))
        .isEqualTo(new CommandRun(0, run.out(), ""));
  }

  @Test
  void aCapThatIsNoNumberIsToldAndNotUsed() throws IOException {
    CommandRun run =
        CommandRun.in(
            Map.of("XDG_CACHE_HOME", home.toString(), "DROPSITE_CACHE_MB", "1G"),
            "",
            "addr2line",
            "-e",
            KERNEL,
            "401360");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).hasLineCount(1).contains("DROPSITE_CACHE_MB=1G");
  }

  /**
   * What indexes say of some kernels, and under which version they are kept. When the sum differs,
   * answers of older entries do too: raise IndexCache.ANSWERS_VERSION along with it.
   */
  @Test
  void aChangeOfWhatIsKeptIsAnotherVersion() throws IOException {
    keep(KERNEL);
    Path made = home.resolve("made.gsym");
    CRC32C sum = new CRC32C();
    for (String kernel : List.of("gcc-v5", "gcc-v4", "gcc-v5-O1", "clang-v5", "clang-v3")) {
      run("index", "-o", made.toString(), CommandRun.fixture(kernel));
      sum.update(Files.readAllBytes(made));
      sum.update(Files.readAllBytes(sidecar(made)));
    }
    assertThat(
            entries().getFirst().toString().replaceFirst(".*\\.(v\\d+)\\.gsym", "$1")
                + " %08x".formatted(sum.getValue()))
        .isEqualTo("v2 c6d0788c");
  }

  @Test
  void noFolderIsMadeWithoutAHome() throws IOException {
    CommandRun run =
        CommandRun.in(
            Map.of("XDG_CACHE_HOME", "relative"), "", "addr2line", "--index-cache", "-e", KERNEL);
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).hasLineCount(1);
    assertThat(Path.of("relative")).doesNotExist();
  }

  @Test
  void modulesAreNotKept() throws IOException {
    CommandRun run = keep(CommandRun.fixture("x86_64-gcc-v5.ko"));
    assertThat(run.err()).hasLineCount(1).contains("nothing to keep an index of");
    assertThat(entries()).isEmpty();
  }

  @Test
  void manyAtOnceAllAnswerAndLeaveOneEntry() throws Exception {
    CommandRun wanted = run("addr2line", "-e", KERNEL, "-fi", "401360");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<CommandRun> task = () -> keep(KERNEL);
      for (Future<CommandRun> done : threads.invokeAll(Collections.nCopies(32, task))) {
        assertThat(done.get().out()).isEqualTo(wanted.out());
        assertThat(done.get().exitCode()).isZero();
      }
    }
    assertThat(entries()).hasSize(1);
    assertThat(filesEndingIn(".unfinished")).isEmpty();
    assertThat(run("addr2line", "-e", KERNEL, "-fi", "401360")).isEqualTo(wanted);
  }
}
