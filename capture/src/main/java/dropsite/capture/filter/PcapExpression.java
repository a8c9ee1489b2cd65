package dropsite.capture.filter;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dropsite.capture.libc.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compiles expressions of pcap-filter(7) by the system's libpcap.
 *
 * <p>Packets begin at their network header here (link type LINKTYPE_RAW), because that is what
 * every dropped packet has: what speaks of the link layer ({@code ether host}, {@code vlan}, {@code
 * arp}) is refused by libpcap in its own words. Names of hosts, ports and protocols in an
 * expression are looked up by libpcap as it always does; host names may ask DNS.
 */
public final class PcapExpression {
  /** DLT_RAW of pcap/dlt.h on Linux. */
  private static final int LINK_TYPE_RAW = 12;

  private static final int NETMASK_UNKNOWN = -1;
  private static final int SNAP_BYTES = 262_144;

  /** struct bpf_insn of pcap/bpf.h. */
  private static final MemoryLayout INSTRUCTION =
      MemoryLayout.structLayout(JAVA_SHORT, JAVA_BYTE, JAVA_BYTE, JAVA_INT);

  /** struct bpf_program of pcap/bpf.h: a count and where the instructions are. */
  private static final MemoryLayout PROGRAM =
      MemoryLayout.structLayout(JAVA_INT, MemoryLayout.paddingLayout(4), ADDRESS);

  private static final int MOST_INSTRUCTIONS = 1 << 16;

  private final MethodHandle openDead;
  private final MethodHandle compile;
  private final MethodHandle lastError;
  private final MethodHandle freeCode;
  private final MethodHandle close;

  private PcapExpression(NativeLibrary library) {
    openDead =
        library.function("pcap_open_dead", FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT));
    compile =
        library.function(
            "pcap_compile",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
    lastError = library.function("pcap_geterr", FunctionDescriptor.of(ADDRESS, ADDRESS));
    freeCode = library.function("pcap_freecode", FunctionDescriptor.ofVoid(ADDRESS));
    close = library.function("pcap_close", FunctionDescriptor.ofVoid(ADDRESS));
  }

  /** Returns the name of the libpcap that this box has; empty when it has none. */
  public static Optional<String> library() {
    return load().map(NativeLibrary::name);
  }

  private static Optional<NativeLibrary> load() {
    // The second is what Debian and its children call it.
    return NativeLibrary.load("libpcap.so.1", "libpcap.so.0.8");
  }

  /**
   * Compiles an expression.
   *
   * @param expression in the language of pcap-filter(7)
   * @return a program that counts from the network header on
   * @throws FilterException when there is no libpcap, or the expression is wrong or cannot be used
   */
  public static CbpfProgram compile(String expression) throws FilterException {
    if (expression.indexOf('\0') >= 0) {
      throw new FilterException("--filter: the expression holds a zero byte");
    }
    Optional<NativeLibrary> library = load();
    if (library.isEmpty()) {
      throw new FilterException(
          "--filter needs libpcap (libpcap.so.1 or libpcap.so.0.8), which is not here; install it"
              + " (package libpcap or libpcap0.8), or use --protocol, --address and --port");
    }
    try (Arena arena = Arena.ofConfined()) {
      return new PcapExpression(library.get()).compile(expression, arena);
    } catch (IllegalArgumentException unusable) {
      throw new FilterException(
          "--filter: \"" + expression + "\" cannot be used: " + unusable.getMessage());
    }
  }

  private CbpfProgram compile(String expression, Arena arena) throws FilterException {
    MemorySegment program = arena.allocate(PROGRAM);
    MemorySegment pcap = address(openDead, LINK_TYPE_RAW, SNAP_BYTES);
    if (pcap.equals(MemorySegment.NULL)) {
      throw new FilterException("--filter: libpcap has no memory");
    }
    try {
      if (status(pcap, program, arena.allocateFrom(expression)) != 0) {
        throw new FilterException(
            "--filter: libpcap says of \""
                + expression
                + "\": "
                + NativeLibrary.string(address(lastError, pcap)));
      }
      try {
        return instructions(program);
      } finally {
        call(freeCode, program);
      }
    } finally {
      call(close, pcap);
    }
  }

  @SuppressWarnings("restricted") // libpcap's memory, as its header describes it
  private static CbpfProgram instructions(MemorySegment program) {
    int count = Math.clamp(program.get(JAVA_INT, 0), 0, MOST_INSTRUCTIONS);
    long size = INSTRUCTION.byteSize();
    MemorySegment code = program.get(ADDRESS, ADDRESS.byteSize()).reinterpret(count * size);
    List<CbpfInstruction> read = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      MemorySegment each = code.asSlice(i * size, size);
      read.add(
          new CbpfInstruction(
              Short.toUnsignedInt(each.get(JAVA_SHORT, 0)),
              Byte.toUnsignedInt(each.get(JAVA_BYTE, 2)),
              Byte.toUnsignedInt(each.get(JAVA_BYTE, 3)),
              each.get(JAVA_INT, 4)));
    }
    return new CbpfProgram(read);
  }

  private int status(MemorySegment pcap, MemorySegment program, MemorySegment expression) {
    try {
      return (int) compile.invokeExact(pcap, program, expression, 1, NETMASK_UNKNOWN);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  private static MemorySegment address(MethodHandle function, Object... arguments) {
    try {
      return (MemorySegment) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  private static void call(MethodHandle function, MemorySegment argument) {
    try {
      function.invokeExact(argument);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
