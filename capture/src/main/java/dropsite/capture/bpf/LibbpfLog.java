package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dropsite.capture.libc.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Keeps the first warning that libbpf would print: it names the cause, what follows the effects.
 */
final class LibbpfLog {
  private static final int WARN = 0;
  private static final long LONGEST_BYTES = 512;
  private static final String PREFIX = "libbpf: ";

  private static final MethodHandle VSNPRINTF =
      NativeLibrary.c()
          .function(
              "vsnprintf", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

  private final MemorySegment stub;
  private final MemorySegment text;
  private String first = "";

  /** The library may print as long as the process lives, so that long lives what this takes. */
  @SuppressWarnings("restricted") // libbpf_set_print wants a function
  LibbpfLog() {
    Arena arena = Arena.global();
    text = arena.allocate(LONGEST_BYTES);
    try {
      MethodHandle print =
          MethodHandles.lookup()
              .bind(
                  this,
                  "print",
                  MethodType.methodType(
                      int.class, int.class, MemorySegment.class, MemorySegment.class));
      stub =
          Linker.nativeLinker()
              .upcallStub(
                  print, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), arena);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  MemorySegment stub() {
    return stub;
  }

  /** Returns it, without line ends; empty when there was none. */
  String firstWarning() {
    return first;
  }

  /** libbpf_print_fn_t; a va_list is passed as a pointer on x86-64 and on arm64. */
  @SuppressWarnings("UnusedMethod") // called by libbpf
  private int print(int level, MemorySegment format, MemorySegment arguments) {
    if (level != WARN || !first.isEmpty()) {
      return 0;
    }
    try {
      int length = (int) VSNPRINTF.invokeExact(text, text.byteSize(), format, arguments);
      String line = NativeLibrary.string(text).strip();
      first = line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line;
      return length;
    } catch (Throwable e) {
      return 0; // nothing may be thrown through the library
    }
  }
}
