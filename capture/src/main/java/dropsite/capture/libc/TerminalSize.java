package dropsite.capture.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/** How large a terminal is (ioctl_tty(2)). */
public final class TerminalSize {
  /** TIOCGWINSZ of uapi/asm-generic/ioctls.h, which x86, arm64, riscv and s390x share. */
  private static final long GET_WINDOW_SIZE = 0x5413;

  private static final int STANDARD_OUTPUT = 1;

  /** struct winsize: rows, columns, and twice pixels, 16 bits each. */
  private static final int WINDOW_SIZE_BYTES = 8;

  private static final int COLUMNS_OFFSET = 2;

  private TerminalSize() {}

  /** Returns the columns of the terminal that is standard output; empty when it is none. */
  public static OptionalInt columns() {
    MethodHandle ioctl =
        NativeLibrary.c()
            .function(
                "ioctl",
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(WINDOW_SIZE_BYTES);
      int failed = (int) ioctl.invokeExact(STANDARD_OUTPUT, GET_WINDOW_SIZE, size);
      int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_OFFSET));
      return failed != 0 || columns == 0 ? OptionalInt.empty() : OptionalInt.of(columns);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
