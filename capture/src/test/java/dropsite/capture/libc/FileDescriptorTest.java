package dropsite.capture.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileDescriptorTest {
  @TempDir Path folder;

  @Test
  void readsWhatAFileHoldsUpToItsEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "hello");
    try (FileDescriptor open = open(file);
        Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(4);
      assertThat(open.read(into)).isEqualTo(4);
      assertThat(into.toArray(JAVA_BYTE)).containsExactly('h', 'e', 'l', 'l');
      assertThat(open.read(into)).isEqualTo(1);
      assertThat(open.read(into)).isZero();
      assertThat(open.awaitReadable(0)).as("the end of a file can be read").isTrue();
    }
  }

  @Test
  void mapsAFileAsLongAsTheArenaLives() throws IOException {
    byte[] pages = new byte[2 * Memory.pageBytes()];
    pages[Memory.pageBytes() + 3] = 7;
    Path file = Files.write(folder.resolve("file"), pages);
    try (FileDescriptor open = open(file);
        Arena arena = Arena.ofConfined()) {
      MemorySegment second = open.map(arena, Memory.pageBytes(), Memory.pageBytes(), false);
      assertThat(second.get(JAVA_BYTE, 3)).isEqualTo((byte) 7);
      assertThat(second.byteSize()).isEqualTo(Memory.pageBytes());
    }
  }

  @Test
  void aCallThatFailsSaysWhichAndWhy() {
    assertThatThrownBy(() -> open(folder.resolve("missing")))
        .isInstanceOfSatisfying(Errno.class, e -> assertThat(e.number()).isEqualTo(Errno.ENOENT))
        .hasMessage(folder.resolve("missing") + ": No such file or directory");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(JAVA_LONG);
      FileDescriptor none = new FileDescriptor(-1);
      assertThatThrownBy(() -> none.read(into)).hasMessage("read: Bad file descriptor");
      assertThatThrownBy(() -> none.map(arena, 0, 1, false)).hasMessageStartingWith("mmap: ");
      assertThatThrownBy(none::enterNetworkNamespace).hasMessageStartingWith("setns: ");
      assertThatThrownBy(() -> WakeUps.of(-1)).hasMessageStartingWith("epoll_ctl: ");
    }
  }

  @Test
  void clocksCountFromWhereTheySay() {
    long before = System.currentTimeMillis();
    long real = Clock.REALTIME.nanos() / 1_000_000;
    assertThat(real).isGreaterThanOrEqualTo(before);
    long monotonic = Clock.MONOTONIC.nanos();
    assertThat(Clock.BOOTTIME.nanos()).isGreaterThanOrEqualTo(monotonic);
    assertThat(monotonic).isPositive();
  }

  @Test
  void aLibraryThatIsNotThereIsNotAnError() {
    assertThat(NativeLibrary.load("libnothing-of-the-kind.so.9")).isEmpty();
    assertThat(NativeLibrary.load("libnothing-of-the-kind.so.9", "libc.so.6"))
        .hasValueSatisfying(library -> {
          assertThat(library.name()).isEqualTo("libc.so.6");
          assertThat(library.has("getpid")).isTrue();
          assertThat(library.has("no_such_function")).isFalse();
        });
  }

  private static FileDescriptor open(Path file) throws Errno {
    return FileDescriptor.open(file.toString(), FileDescriptor.O_RDONLY | FileDescriptor.O_CLOEXEC);
  }
}
