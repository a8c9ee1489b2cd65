package dropsite.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher in a tree of its own, with a Maven and a Java that are shell scripts and write down
 * how they were called.
 */
@Timeout(60)
final class LauncherTest {
  private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

  @TempDir Path temp;
  private Path tree;
  private Path bin;
  private Path jdk;
  private Path mavenCalls;

  /** How a start of the launcher ended. */
  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void plantTree() throws IOException {
    tree = temp.resolve("a tree");
    bin = temp.resolve("bin");
    jdk = temp.resolve("jdk");
    mavenCalls = temp.resolve("maven-calls");
    for (String module : List.of("bytes", "dwarf", "capture", "analyze")) {
      Path folder = Files.createDirectories(tree.resolve(module).resolve("src/main/java"));
      Files.writeString(folder.resolve("Some.java"), "class Some {}\n");
      Files.writeString(tree.resolve(module).resolve("pom.xml"), "<project/>\n");
    }
    Files.writeString(tree.resolve("pom.xml"), "<project/>\n");
    Files.copy(Path.of("..", "dropsite"), tree.resolve("dropsite"));
    makeExecutable(tree.resolve("dropsite"));
    age(tree);

    // Prints its arguments, one a line; makes the cache file when it is to be trained.
    jdk(jdk, "25.0.1");
    script(
        bin.resolve("mvn"),
        """
        echo "$JAVA_HOME $*" >>'%s'
        [ ! -e '%s/breaks' ] || { echo 'it is broken' >&2; exit 1; }
        sleep 0.3
        mkdir -p analyze/target
        echo jar >analyze/target/dropsite.jar
        """
            .formatted(mavenCalls, temp));
  }

  @Test
  void buildsOnFirstUseAndTalksOnStandardErrorOnly() throws Exception {
    Outcome outcome = start("addr2line", "-e", "a b");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().lines())
        .containsSubsequence(
            "-cp",
            tree.resolve("analyze/target/dropsite.jar").toString(),
            "dropsite.cli.Main",
            "addr2line",
            "-e",
            "a b");
    assertThat(outcome.err()).contains("building");
    assertThat(Files.readAllLines(mavenCalls))
        .singleElement()
        .asString()
        .startsWith(jdk + " ")
        .contains("-Dstyle.color=never", "-Dmaven.test.skip=true package");
  }

  @Test
  void neverCallsMavenWhenWhatIsBuiltIsCurrent() throws Exception {
    start();
    Outcome second = start("--version");

    assertThat(Files.readAllLines(mavenCalls)).hasSize(1);
    assertThat(second.err()).isEmpty();
  }

  @Test
  void buildsAgainWhenASourceChanged() throws Exception {
    start();
    touch(tree.resolve("dwarf/src/main/java/Some.java"));
    start();
    start();

    assertThat(Files.readAllLines(mavenCalls)).hasSize(2);
  }

  @Test
  void buildsAgainWhenAPomChangedOrASourceIsGone() throws Exception {
    start();
    touch(tree.resolve("pom.xml"));
    start();
    Files.delete(tree.resolve("capture/src/main/java/Some.java"));
    touch(tree.resolve("capture/src/main/java"));
    start();

    assertThat(Files.readAllLines(mavenCalls)).hasSize(3);
  }

  @Test
  void twoFirstUsesAtOnceBuildOnce() throws Exception {
    Process one = launch(tree.resolve("dropsite"), List.of("one"));
    Process two = launch(tree.resolve("dropsite"), List.of("two"));

    assertThat(finish(one).exitCode()).isZero();
    assertThat(finish(two).exitCode()).isZero();
    assertThat(Files.readAllLines(mavenCalls)).hasSize(1);
  }

  @Test
  void aBuildThatFailsIsSaidAndEndsWithOne() throws Exception {
    Files.createFile(temp.resolve("breaks"));
    Outcome outcome = start();

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("it is broken").contains("dropsite: the build failed");
  }

  @Test
  void startsWithTheCacheOfThisJavaAndTheFlagsItWasTrainedWith() throws Exception {
    start();
    List<String> arguments = start("x").out().lines().toList();

    assertThat(arguments)
        .contains("-XX:AOTCache=" + tree.resolve("analyze/target/dropsite-25.0.1+9.aot"));
    List<String> training = Files.readAllLines(temp.resolve("training"));
    List<String> flags = List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");
    assertThat(training).containsAll(flags);
    assertThat(arguments).containsAll(flags);
  }

  @Test
  void lookupsHaveASmallerCacheOfTheirOwn() throws Exception {
    start();
    String cache = "-XX:AOTCache=" + tree.resolve("analyze/target/lookup-25.0.1+9.aot");

    assertThat(start("addr2line", "-h").out().lines()).contains(cache);
    assertThat(start("faddr2line", "-h").out().lines()).contains(cache);
    assertThat(start("symbolize", "-h").out().lines()).doesNotContain(cache);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "index vmlinux",
        "faddr2line vmlinux.gsym place+1",
        "addr2line -afie vmlinux",
        "addr2line -e vmlinux -afi",
        "addr2line -afie vmlinux.gsym"
      })
  void whatIsSoonDoneIsNotCompiledTwice(String command) throws Exception {
    assertThat(start(command.split(" ")).out()).contains(FIRST_COMPILER_ONLY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"symbolize stacks.txt", "analyze stacks.txt"})
  void whatReadsStreamsIsCompiledWell(String command) throws Exception {
    assertThat(start(command.split(" ")).out()).doesNotContain(FIRST_COMPILER_ONLY);
  }

  @Test
  void handsOptionsFromTheEnvironmentToJavaAfterItsOwnAndWithoutACache() throws Exception {
    start();
    ProcessBuilder builder = prepare(tree.resolve("dropsite"), List.of("x"));
    builder.environment().put("DROPSITE_JAVA_OPTS", "-Xmx8g -Xlog:gc");
    List<String> arguments = finish(builder.start()).out().lines().toList();

    assertThat(arguments).containsSubsequence("-Xmn64m", "-Xmx8g", "-Xlog:gc", "-cp");
    // They may be of a kind that keeps the JVM from mapping it.
    assertThat(arguments).noneMatch(argument -> argument.startsWith("-XX:AOTCache"));
  }

  @Test
  void searchesForJavaAgainWhenItIsGoneOrTheEnvironmentIsAnother() throws Exception {
    start();
    start();
    Path other = temp.resolve("other");
    jdk(other, "26");
    ProcessBuilder builder = prepare(tree.resolve("dropsite"), List.of("x"));
    builder.environment().put("JAVA_HOME", other.toString());
    assertThat(finish(builder.start()).out()).contains("dropsite-26+9.aot");

    start();
    Files.move(jdk, temp.resolve("moved"));
    jdk(jdk, "25.0.2");
    assertThat(start("x").out()).contains("dropsite-25.0.2+9.aot");
  }

  @Test
  void worksWithoutACacheWhenTrainingFails() throws Exception {
    Files.createFile(temp.resolve("untrainable"));
    Outcome first = start();
    Outcome second = start();

    assertThat(first.exitCode()).isZero();
    assertThat(first.err()).contains("could not prepare a fast start");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).doesNotContain("AOTCache");
  }

  @Test
  void worksThroughASymbolicLinkFromAnyFolder() throws Exception {
    Path link = temp.resolve("link");
    Files.createSymbolicLink(link, tree.resolve("dropsite"));
    Outcome outcome = finish(launch(link, List.of("x")));

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains(tree.resolve("analyze/target/dropsite.jar").toString());
  }

  @Test
  void passesTheExitCodeOn() throws Exception {
    start();
    assertThat(start("exit", "2").exitCode()).isEqualTo(2);
  }

  @Test
  void isReplacedByJavaSoThatSignalsReachIt() throws Exception {
    start();
    Process process = launch(tree.resolve("dropsite"), List.of("pid"));
    String pid = finish(process).out().lines().reduce((a, b) -> b).orElseThrow();

    assertThat(pid).isEqualTo(Long.toString(process.pid()));
  }

  @Test
  void saysWhatToInstallWhenThereIsNoNewEnoughJava() throws Exception {
    jdk(jdk, "21.0.2");
    // No other Java of this machine may be found: search in the tree instead of the usual places.
    String script = Files.readString(tree.resolve("dropsite"));
    Files.writeString(
        tree.resolve("dropsite"),
        script
            .replace("/usr/lib", "/nowhere")
            .replace("/opt/", "/nowhere/")
            .replace("/usr/java", "/nowhere"));
    Outcome outcome = start();

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("needs Java 25 or newer").contains("Install a JDK");
    assertThat(outcome.err().lines()).hasSize(1);
  }

  @Test
  void findsTheJavaOfThePathWhenJavaHomeIsTooOld() throws Exception {
    Path old = temp.resolve("old");
    jdk(old, "17.0.9");
    Path current = temp.resolve("current");
    jdk(current, "26");
    ProcessBuilder builder = prepare(tree.resolve("dropsite"), List.of("x"));
    builder.environment().put("JAVA_HOME", old.toString());
    builder.environment().merge("PATH", current.resolve("bin") + ":", (path, add) -> add + path);
    Outcome outcome = finish(builder.start());

    assertThat(outcome.exitCode()).isZero();
    assertThat(Files.readString(mavenCalls)).startsWith(current + " ");
  }

  private Outcome start(String... arguments) throws IOException, InterruptedException {
    return finish(launch(tree.resolve("dropsite"), List.of(arguments)));
  }

  private Process launch(Path launcher, List<String> arguments) throws IOException {
    return prepare(launcher, arguments).start();
  }

  private ProcessBuilder prepare(Path launcher, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("HOME", temp.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    return builder;
  }

  /** Waits; what is printed here is far less than a pipe holds. */
  private static Outcome finish(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Outcome(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), UTF_8),
        new String(process.getErrorStream().readAllBytes(), UTF_8));
  }

  private void jdk(Path home, String version) throws IOException {
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"),
        """
        IMPLEMENTOR="Somebody"
        JAVA_RUNTIME_VERSION="%1$s+9"
        JAVA_VERSION="%1$s"
        """
            .formatted(version));
    script(
        home.resolve("bin/java"),
        """
        for argument; do
          case $argument in
            -XX:AOTCacheOutput=*)
              [ ! -e '%1$s/untrainable' ] || exit 1
              printf '%%s\\n' "$@" >'%1$s/training'
              echo cache >"${argument#*=}"
              exit ;;
          esac
        done
        printf '%%s\\n' "$@"
        for argument; do
          case $argument in
            pid) echo $$ ;;
            exit) exit 2 ;;
          esac
        done
        """
            .formatted(temp));
    script(home.resolve("bin/javac"), "exit 1\n");
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, "#!/bin/sh\n" + body);
    makeExecutable(file);
  }

  private static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Makes everything an hour old, so that what a test makes or touches is newer. */
  private static void age(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
      }
    }
  }

  /** Makes a file newer than everything that exists. */
  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
  }
}
