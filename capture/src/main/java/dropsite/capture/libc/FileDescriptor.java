package dropsite.capture.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * An open file of the kernel, by its number: for what the JDK's channels cannot do.
 *
 * <p>Closing closes the file; not thread-safe.
 */
public final class FileDescriptor implements AutoCloseable {
  /** Open for reading (uapi/asm-generic/fcntl.h, the same on x86 and arm64). */
  public static final int O_RDONLY = 0;

  /** Open for writing. */
  public static final int O_WRONLY = 1;

  /** Reading does not wait. */
  public static final int O_NONBLOCK = 0x800;

  /** Not handed on to programs that are started. */
  public static final int O_CLOEXEC = 0x80000;

  private static final short POLLIN = 1;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final NativeLibrary C = NativeLibrary.c();
  // open(2) is variadic: its third argument is given for O_CREAT only, which is not offered.
  private static final MethodHandle OPEN =
      C.function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2),
          Linker.Option.captureCallState(Errno.NAME));
  private static final MethodHandle CLOSE =
      C.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      C.functionWithErrno("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle POLL =
      C.functionWithErrno("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SETNS =
      C.functionWithErrno("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle MMAP =
      C.functionWithErrno(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      C.function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final long MAP_FAILED = -1;

  private final int number;
  private boolean closed;

  /** Takes over a file that something else opened; {@link #close} closes it. */
  public FileDescriptor(int number) {
    this.number = number;
  }

  /**
   * Opens a file that exists.
   *
   * @param flags such as {@code O_RDONLY | O_CLOEXEC}
   */
  public static FileDescriptor open(String path, int flags) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      int number = (int) OPEN.invokeExact(errno, arena.allocateFrom(path), flags, 0);
      if (number < 0) {
        throw new Errno(path, Errno.of(errno));
      }
      return new FileDescriptor(number);
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /** Returns its number. */
  public int number() {
    return number;
  }

  /**
   * Reads what is there, at most as much as fits.
   *
   * @return how many bytes; 0 at the end; -1 when a file opened with {@link #O_NONBLOCK} has
   *     nothing now, or a signal came first
   */
  public long read(MemorySegment into) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      long count = (long) READ.invokeExact(errno, number, into, into.byteSize());
      if (count < 0) {
        int why = Errno.of(errno);
        if (why != Errno.EAGAIN && why != Errno.EINTR) {
          throw new Errno("read", why);
        }
        return -1;
      }
      return count;
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /**
   * Waits until there is something to read.
   *
   * @param mostMillis how long; 0 does not wait
   * @return whether there is; false also when a signal came first
   */
  public boolean awaitReadable(int mostMillis) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      // struct pollfd: int fd; short events; short revents
      MemorySegment request = arena.allocate(JAVA_LONG);
      request.set(JAVA_INT, 0, number);
      request.set(JAVA_SHORT, Integer.BYTES, POLLIN);
      MemorySegment errno = Errno.capture(arena);
      int ready = (int) POLL.invokeExact(errno, request, 1L, mostMillis);
      if (ready < 0 && Errno.of(errno) != Errno.EINTR) {
        throw new Errno("poll", Errno.of(errno));
      }
      return ready > 0;
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /**
   * Puts the calling thread, and no other, into the network namespace that this file stands for
   * ({@code /proc/PID/ns/net}, {@code /run/netns/NAME}). Call it on a platform thread that ends
   * afterwards or goes back; programs it starts run there too.
   */
  public void enterNetworkNamespace() throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      int failed = (int) SETNS.invokeExact(errno, number, CLONE_NEWNET);
      if (failed != 0) {
        throw new Errno("setns", Errno.of(errno));
      }
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /**
   * Maps a part of it into memory, shared with the kernel.
   *
   * @param arena whose end takes the mapping away
   * @param offset a multiple of the page size
   * @param sizeBytes of the part
   * @param writable whether it is written to
   */
  @SuppressWarnings("restricted") // the kernel's own size and a cleaner that fits
  public MemorySegment map(Arena arena, long offset, long sizeBytes, boolean writable)
      throws Errno {
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    try (Arena call = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(call);
      MemorySegment where =
          (MemorySegment)
              MMAP.invokeExact(
                  errno, MemorySegment.NULL, sizeBytes, protection, MAP_SHARED, number, offset);
      if (where.address() == MAP_FAILED) {
        throw new Errno("mmap", Errno.of(errno));
      }
      return where.reinterpret(sizeBytes, arena, FileDescriptor::unmap);
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  private static void unmap(MemorySegment mapping) {
    try {
      int failed = (int) MUNMAP.invokeExact(mapping, mapping.byteSize());
      if (failed != 0) {
        throw new IllegalStateException("munmap of what mmap gave");
      }
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      int ignored = (int) CLOSE.invokeExact(number);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
