package dropsite.capture.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Waits for the moments at which the kernel says that a file has become readable, whether or not
 * there was something to read before (epoll(7), edge-triggered).
 */
public final class WakeUps implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final int EPOLLET = 1 << 31;

  /** struct epoll_event is 12 bytes on x86, which packs it, and 16 elsewhere. */
  private static final long EVENT_BYTES = 16;

  private static final NativeLibrary C = NativeLibrary.c();
  private static final MethodHandle CREATE =
      C.functionWithErrno("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle CONTROL =
      C.functionWithErrno(
          "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle WAIT =
      C.functionWithErrno(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private final FileDescriptor epoll;

  private WakeUps(FileDescriptor epoll) {
    this.epoll = epoll;
  }

  /**
   * Watches a file.
   *
   * @param file number of an open file, which has to stay open
   */
  public static WakeUps of(int file) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      int number = (int) CREATE.invokeExact(errno, EPOLL_CLOEXEC);
      if (number < 0) {
        throw new Errno("epoll_create1", Errno.of(errno));
      }
      WakeUps created = new WakeUps(new FileDescriptor(number));
      MemorySegment event = arena.allocate(EVENT_BYTES, Long.BYTES);
      event.set(JAVA_INT, 0, EPOLLIN | EPOLLET);
      int failed = (int) CONTROL.invokeExact(errno, number, EPOLL_CTL_ADD, file, event);
      if (failed != 0) {
        created.close();
        throw new Errno("epoll_ctl", Errno.of(errno));
      }
      return created;
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /** Waits for the next one, or until the time is over, or a signal comes. */
  public void await(int mostMillis) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      MemorySegment event = arena.allocate(EVENT_BYTES, Long.BYTES);
      int ready = (int) WAIT.invokeExact(errno, epoll.number(), event, 1, mostMillis);
      if (ready < 0 && Errno.of(errno) != Errno.EINTR) {
        throw new Errno("epoll_wait", Errno.of(errno));
      }
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  @Override
  public void close() {
    epoll.close();
  }
}
