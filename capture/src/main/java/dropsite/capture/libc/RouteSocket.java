package dropsite.capture.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Asks the kernel about the network of the calling thread's namespace: rtnetlink(7). */
public final class RouteSocket implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = FileDescriptor.O_CLOEXEC;
  private static final int NETLINK_ROUTE = 0;
  private static final int MOST_WAIT_MILLIS = 2000;

  /** As much as the kernel puts into one datagram of a dump (net/netlink/af_netlink.c). */
  private static final int DATAGRAM_BYTES = 1 << 15;

  private static final NativeLibrary C = NativeLibrary.c();
  private static final MethodHandle SOCKET =
      C.functionWithErrno("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle WRITE =
      C.functionWithErrno("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

  private final FileDescriptor socket;

  private RouteSocket(FileDescriptor socket) {
    this.socket = socket;
  }

  /** Opens one in the network namespace that the calling thread is in. */
  public static RouteSocket open() throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      int number =
          (int) SOCKET.invokeExact(errno, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
      if (number < 0) {
        throw new Errno("socket", Errno.of(errno));
      }
      return new RouteSocket(new FileDescriptor(number));
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /** Sends a request: one message with its header. */
  public void send(byte[] message) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, message);
      long sent = (long) WRITE.invokeExact(errno, socket.number(), bytes, bytes.byteSize());
      if (sent < 0) {
        throw new Errno("netlink", Errno.of(errno));
      }
    } catch (Errno e) {
      throw e;
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /** Returns the next datagram of the answer: messages one after the other. */
  public byte[] receive() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(DATAGRAM_BYTES);
      long count = socket.awaitReadable(MOST_WAIT_MILLIS) ? socket.read(into) : -1;
      if (count <= 0) {
        throw new IOException("netlink: no answer");
      }
      return into.asSlice(0, count).toArray(JAVA_BYTE);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
