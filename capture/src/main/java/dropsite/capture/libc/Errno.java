package dropsite.capture.libc;

import java.io.IOException;
import java.io.Serial;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** A call of the operating system failed; the message says which, and why. */
public final class Errno extends IOException {
  /** Operation not permitted. */
  public static final int EPERM = 1;

  /** No such file or directory. */
  public static final int ENOENT = 2;

  /** A signal came first. */
  public static final int EINTR = 4;

  /** Nothing to read now. */
  public static final int EAGAIN = 11;

  /** Out of memory. */
  public static final int ENOMEM = 12;

  /** Permission denied. */
  public static final int EACCES = 13;

  /** Device or resource busy. */
  public static final int EBUSY = 16;

  /** Invalid argument. */
  public static final int EINVAL = 22;

  static final String NAME = "errno";

  @Serial private static final long serialVersionUID = 1L;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement(NAME));
  private static final MethodHandle STRERROR =
      NativeLibrary.c()
          .function("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private final int number;

  /**
   * @param call what was tried, for the message: {@code mmap}, {@code open /proc/self/ns/net}
   * @param number errno
   */
  public Errno(String call, int number) {
    super(call + ": " + text(number));
    this.number = number;
  }

  /** Returns the number, such as {@link #EPERM}. */
  public int number() {
    return number;
  }

  /** Returns memory for one call's {@code errno}. */
  public static MemorySegment capture(Arena arena) {
    return arena.allocate(STATE);
  }

  /** Returns the {@code errno} of the last call that was given that memory. */
  public static int of(MemorySegment capture) {
    return (int) ERRNO.get(capture, 0L);
  }

  /** Returns what such a number means, in words. */
  public static String text(int number) {
    try {
      return NativeLibrary.string((MemorySegment) STRERROR.invokeExact(number));
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
