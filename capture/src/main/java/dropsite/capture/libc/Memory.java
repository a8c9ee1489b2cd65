package dropsite.capture.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Facts and limits of this process's memory. */
public final class Memory {
  private static final int RLIMIT_MEMLOCK = 8;
  private static final long RLIM_INFINITY = -1;

  private static final NativeLibrary C = NativeLibrary.c();
  private static final MethodHandle GETPAGESIZE =
      C.function("getpagesize", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle SETRLIMIT =
      C.function("setrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

  private Memory() {}

  /** Returns the size of a page in bytes, a power of two. */
  public static int pageBytes() {
    try {
      return (int) GETPAGESIZE.invokeExact();
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /**
   * Allows this process to lock as much as it likes, which kernels before 5.11 count BPF's memory
   * as.
   *
   * @return whether that is allowed now
   */
  public static boolean unlimitLocked() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocateFrom(JAVA_LONG, RLIM_INFINITY, RLIM_INFINITY);
      return (int) SETRLIMIT.invokeExact(RLIMIT_MEMLOCK, limit) == 0;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
