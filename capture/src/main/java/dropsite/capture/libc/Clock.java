package dropsite.capture.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The clocks of the kernel (clock_gettime(2), uapi/linux/time.h). */
public enum Clock {
  /** Wall-clock time: since 1970 UTC. It may be set. */
  REALTIME(0),
  /** Since boot, without the time that the box was suspended. */
  MONOTONIC(1),
  /** Since boot. */
  BOOTTIME(7);

  private static final MethodHandle CLOCK_GETTIME =
      NativeLibrary.c()
          .function(
              "clock_gettime",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int id;

  Clock(int id) {
    this.id = id;
  }

  /** Returns its reading in nanoseconds. */
  public long nanos() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int failed = (int) CLOCK_GETTIME.invokeExact(id, time);
      if (failed != 0) {
        throw new IllegalStateException("no clock " + this);
      }
      return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
          + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
