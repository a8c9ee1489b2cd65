package dropsite.capture.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A shared library of the system and its functions; stays loaded until the process ends.
 *
 * <p>Needs {@code --enable-native-access}.
 */
@SuppressWarnings("restricted") // calling native code is what this room is for
public final class NativeLibrary {
  private final String name;
  private final SymbolLookup symbols;

  private NativeLibrary(String name, SymbolLookup symbols) {
    this.name = name;
    this.symbols = symbols;
  }

  /**
   * Loads the first library that can be loaded, and with it those that it needs.
   *
   * @param names file names such as {@code libbpf.so.1}, looked for where the dynamic linker does
   */
  public static Optional<NativeLibrary> load(String... names) {
    return Stream.of(names).flatMap(name -> load(name).stream()).findFirst();
  }

  private static Optional<NativeLibrary> load(String name) {
    try {
      return Optional.of(new NativeLibrary(name, SymbolLookup.libraryLookup(name, Arena.global())));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not there, or one of its own libraries is not
    }
  }

  /** Returns the C library, which is always there. */
  public static NativeLibrary c() {
    return new NativeLibrary("libc", Linker.nativeLinker().defaultLookup());
  }

  /** Returns the name it was found under. */
  public String name() {
    return name;
  }

  /** Returns whether it has such a function. */
  public boolean has(String function) {
    return symbols.find(function).isPresent();
  }

  /**
   * Binds a function.
   *
   * @throws IllegalStateException if the library has none of that name
   */
  public MethodHandle function(String function, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment address =
        symbols
            .find(function)
            .orElseThrow(() -> new IllegalStateException(name + " has no function " + function));
    return Linker.nativeLinker().downcallHandle(address, type, options);
  }

  /**
   * Binds a function whose errors are told by {@code errno}: the handle takes, before the
   * function's own arguments, the memory that {@link Errno#capture} gives.
   *
   * @throws IllegalStateException if the library has none of that name
   */
  public MethodHandle functionWithErrno(String function, FunctionDescriptor type) {
    return function(function, type, Linker.Option.captureCallState(Errno.NAME));
  }

  /** Returns the C string that a function of a library returned; empty for a null pointer. */
  public static String string(MemorySegment pointer) {
    return pointer.address() == 0 ? "" : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /**
   * Returns what to throw after a call through a {@link MethodHandle} threw, which only happens for
   * reasons that no caller can handle.
   */
  public static RuntimeException unexpected(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("native call failed", cause);
  }
}
