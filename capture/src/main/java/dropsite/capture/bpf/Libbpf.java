package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dropsite.capture.SourceUnavailableException;
import dropsite.capture.libc.Errno;
import dropsite.capture.libc.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libbpf that are used (bpf/libbpf.h, bpf/bpf.h), of its versions 0.2 to 1.x.
 *
 * <p>Those that give a pointer and those that give a number tell errors in different ways, and the
 * old versions in others than the new ones; here all end in an {@link Errno}.
 */
final class Libbpf {
  private static final String[] NAMES = {"libbpf.so.1", "libbpf.so.0"};

  /** Old versions return errors as pointers to the last page (linux/err.h). */
  private static final long LOWEST_ERROR_POINTER = -4095;

  private static final FunctionDescriptor POINTER_OF_POINTER =
      FunctionDescriptor.of(ADDRESS, ADDRESS);
  private static final FunctionDescriptor FIND = FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS);
  private static final FunctionDescriptor NUMBER_OF_POINTER =
      FunctionDescriptor.of(JAVA_INT, ADDRESS);

  private final NativeLibrary library;
  private final MethodHandle open;
  private final MethodHandle load;
  private final MethodHandle close;
  private final MethodHandle findMap;
  private final MethodHandle findProgram;
  private final MethodHandle setMaxEntries;
  private final MethodHandle setInitialValue;
  private final MethodHandle setAutoload;
  private final MethodHandle mapFile;
  private final MethodHandle programFile;
  private final MethodHandle attach;
  private final MethodHandle destroyLink;
  private final MethodHandle lookUp;
  private final MethodHandle possibleCpus;
  private final MethodHandle info;

  private Libbpf(NativeLibrary library) {
    this.library = library;
    open =
        library.functionWithErrno(
            "bpf_object__open_mem", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    load = library.functionWithErrno("bpf_object__load", NUMBER_OF_POINTER);
    close = library.function("bpf_object__close", FunctionDescriptor.ofVoid(ADDRESS));
    findMap = library.functionWithErrno("bpf_object__find_map_by_name", FIND);
    findProgram = library.functionWithErrno("bpf_object__find_program_by_name", FIND);
    setMaxEntries =
        library.functionWithErrno(
            "bpf_map__set_max_entries", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    setInitialValue =
        library.functionWithErrno(
            "bpf_map__set_initial_value",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    setAutoload =
        library.functionWithErrno(
            "bpf_program__set_autoload", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_BOOLEAN));
    mapFile = library.functionWithErrno("bpf_map__fd", NUMBER_OF_POINTER);
    programFile = library.functionWithErrno("bpf_program__fd", NUMBER_OF_POINTER);
    attach = library.functionWithErrno("bpf_program__attach", POINTER_OF_POINTER);
    destroyLink = library.functionWithErrno("bpf_link__destroy", NUMBER_OF_POINTER);
    lookUp =
        library.functionWithErrno(
            "bpf_map_lookup_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    possibleCpus =
        library.functionWithErrno("libbpf_num_possible_cpus", FunctionDescriptor.of(JAVA_INT));
    info =
        library.functionWithErrno(
            "bpf_obj_get_info_by_fd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  }

  /**
   * Loads the library.
   *
   * @throws SourceUnavailableException when there is none, or one that is too old
   */
  static Libbpf load() throws SourceUnavailableException {
    NativeLibrary library =
        NativeLibrary.load(NAMES)
            .orElseThrow(() ->
                new SourceUnavailableException(
                    "libbpf.so.1 (or .0), or libelf or zlib that it needs, cannot be loaded:"
                        + " install libbpf (package libbpf1, libbpf0 or libbpf)"));
    try {
      return new Libbpf(library);
    } catch (IllegalStateException e) {
      throw new SourceUnavailableException(library.name() + " is too old: " + e.getMessage());
    }
  }

  /** Has what the library would print on standard error go elsewhere. */
  void print(LibbpfLog log) {
    MethodHandle set =
        library.function("libbpf_set_print", FunctionDescriptor.of(ADDRESS, ADDRESS));
    try {
      MemorySegment ignored = (MemorySegment) set.invokeExact(log.stub());
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  /** Opens an object; its name goes before those of its parts that have none. */
  MemorySegment open(MemorySegment elf, String name) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      // struct bpf_object_open_opts, its first two members: its size, the name
      MemorySegment options = arena.allocate(2L * Long.BYTES, Long.BYTES);
      options.set(JAVA_LONG, 0, options.byteSize());
      options.set(ADDRESS, Long.BYTES, arena.allocateFrom(name));
      return pointer("open", open, elf, elf.byteSize(), options);
    }
  }

  MemorySegment map(MemorySegment object, String name) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      return pointer("find map " + name, findMap, object, arena.allocateFrom(name));
    }
  }

  MemorySegment program(MemorySegment object, String name) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      return pointer("find program " + name, findProgram, object, arena.allocateFrom(name));
    }
  }

  void maxEntries(MemorySegment map, int count) throws Errno {
    number("size of a map", setMaxEntries, map, count);
  }

  void initialValue(MemorySegment map, MemorySegment value) throws Errno {
    number("value of a map", setInitialValue, map, value, value.byteSize());
  }

  void autoload(MemorySegment program, boolean load) throws Errno {
    number("autoload", setAutoload, program, load);
  }

  void load(MemorySegment object) throws Errno {
    number("load", load, object);
  }

  int mapFile(MemorySegment map) throws Errno {
    return number("file of a map", mapFile, map);
  }

  int programFile(MemorySegment program) throws Errno {
    return number("file of a program", programFile, program);
  }

  /** Attaches a program where its section says; the link is to be destroyed. */
  MemorySegment attach(MemorySegment program) throws Errno {
    return pointer("attach", attach, program);
  }

  void destroyLink(MemorySegment link) throws Errno {
    number("detach", destroyLink, link);
  }

  void close(MemorySegment object) {
    try {
      close.invokeExact(object);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  int possibleCpus() throws Errno {
    return number("number of CPUs", possibleCpus);
  }

  /** Reads a value of a map; of a per-CPU map those of all possible CPUs. */
  void lookUp(int mapFile, MemorySegment key, MemorySegment value) throws Errno {
    number("read a map", lookUp, mapFile, key, value);
  }

  /**
   * Asks for facts about a program or map.
   *
   * @param into memory for them, zeroed
   * @return how many bytes of them the kernel knows
   */
  int info(int file, MemorySegment into) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocateFrom(JAVA_INT, (int) into.byteSize());
      number("facts about a program", info, file, into, size);
      return size.get(JAVA_INT, 0);
    }
  }

  private static MemorySegment pointer(String what, MethodHandle function, Object... arguments)
      throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      MemorySegment result = (MemorySegment) call(function, errno, arguments);
      if (result.address() == 0) {
        throw new Errno(what, Errno.of(errno));
      }
      if (result.address() < 0 && result.address() >= LOWEST_ERROR_POINTER) {
        throw new Errno(what, (int) -result.address());
      }
      return result;
    }
  }

  private static int number(String what, MethodHandle function, Object... arguments) throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Errno.capture(arena);
      int result = (int) call(function, errno, arguments);
      if (result < 0) {
        // From 0.x a plain call of the system gives -1, all else the negative number itself.
        throw new Errno(what, result == -1 ? Errno.of(errno) : -result);
      }
      return result;
    }
  }

  /** None of these calls is frequent, so that arguments may be passed in an array. */
  private static Object call(MethodHandle function, MemorySegment errno, Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = errno;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try {
      return function.invokeWithArguments(all);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
