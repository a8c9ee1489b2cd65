package dropsite.capture.filter;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Translated filters in the running kernel, at a place like that of bpf/README.md: the packet lies
 * in a map's value, and BPF_PROG_TEST_RUN (bpf(2)) runs the program.
 */
@SuppressWarnings("restricted") // calls bpf(2)
final class BpfProgramRun implements AutoCloseable {
  private static final int MAP_CREATE = 0;
  private static final int MAP_UPDATE = 2;
  private static final int PROGRAM_LOAD = 5;
  private static final int PROGRAM_TEST_RUN = 10;
  private static final int ARRAY = 2;
  private static final int SOCKET_FILTER = 1;

  private static final int ATTRIBUTES = 128;
  private static final int LOG = 1 << 20;
  private static final int ROOM = 2048;

  private static final MethodHandle SYSCALL = function("syscall");
  private static final MethodHandle CLOSE = function("close");

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
  private final MemorySegment value = arena.allocate(2 * Integer.BYTES + ROOM, 8);
  private final MemorySegment key = arena.allocate(JAVA_INT);
  private final MemorySegment input = arena.allocate(64);
  private final int map;
  private int program = -1;

  BpfProgramRun() {
    attributes.set(JAVA_INT, 0, ARRAY);
    attributes.set(JAVA_INT, 4, Integer.BYTES);
    attributes.set(JAVA_INT, 8, (int) value.byteSize());
    attributes.set(JAVA_INT, 12, 1);
    map = bpf(MAP_CREATE);
    if (map < 0) {
      throw new IllegalStateException("this kernel makes no BPF map for us");
    }
  }

  private static MethodHandle function(String name) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address = linker.defaultLookup().findOrThrow(name);
    return name.equals("close")
        ? linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, JAVA_INT))
        : linker.downcallHandle(
            address,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
  }

  /** Loads a filter in the place of the one before; returns the verifier's words if it refuses. */
  String load(List<EbpfInstruction> filter) {
    List<EbpfInstruction> code = new ArrayList<>();
    code.add(new EbpfInstruction(0x18, 1, 1, 0, map)); // r1 = the map
    code.add(new EbpfInstruction(0, 0, 0, 0, 0));
    code.add(new EbpfInstruction(0xbf, 2, 10, 0, 0)); // r2 = &key
    code.add(new EbpfInstruction(0x07, 2, 0, 0, -72));
    code.add(new EbpfInstruction(0x62, 10, 0, -72, 0));
    code.add(new EbpfInstruction(0x85, 0, 0, 0, 1)); // r0 = value of the key
    code.add(new EbpfInstruction(0x55, 0, 0, 1, 0));
    code.add(new EbpfInstruction(0x95, 0, 0, 0, 0));
    code.add(new EbpfInstruction(0xbf, 1, 0, 0, 0));
    code.add(new EbpfInstruction(0x61, 2, 1, 0, 0)); // captured
    code.add(new EbpfInstruction(0x61, 3, 1, 4, 0)); // length
    code.add(new EbpfInstruction(0x07, 1, 0, 0, 8)); // the packet, exactly ROOM bytes to the end
    code.add(new EbpfInstruction(0xb7, 0, 0, 0, 1));
    code.addAll(filter);
    for (int i = filter.size(); i < ROOM; i++) {
      code.add(new EbpfInstruction(0x05, 0, 0, 0, 0));
    }
    code.add(new EbpfInstruction(0x95, 0, 0, 0, 0));
    closeProgram();
    try (Arena load = Arena.ofConfined()) {
      MemorySegment bytes = load.allocate(JAVA_LONG, code.size());
      for (int i = 0; i < code.size(); i++) {
        bytes.setAtIndex(JAVA_LONG, i, code.get(i).encoded(ByteOrder.nativeOrder()));
      }
      MemorySegment log = load.allocate(LOG);
      attributes.fill((byte) 0);
      attributes.set(JAVA_INT, 0, SOCKET_FILTER);
      attributes.set(JAVA_INT, 4, code.size());
      attributes.set(JAVA_LONG, 8, bytes.address());
      attributes.set(JAVA_LONG, 16, load.allocateFrom("GPL").address());
      program = bpf(PROGRAM_LOAD);
      if (program < 0) {
        attributes.set(JAVA_INT, 24, 1);
        attributes.set(JAVA_INT, 28, LOG);
        attributes.set(JAVA_LONG, 32, log.address());
        bpf(PROGRAM_LOAD);
        return "refused: " + log.getString(0);
      }
      return "";
    }
  }

  /** Returns what the filter returns for a packet. */
  int run(byte[] packet, int originalBytes) {
    value.fill((byte) 0xa5);
    value.set(JAVA_INT, 0, packet.length);
    value.set(JAVA_INT, 4, originalBytes);
    MemorySegment.copy(packet, 0, value, JAVA_BYTE, 8, packet.length);
    attributes.fill((byte) 0);
    attributes.set(JAVA_INT, 0, map);
    attributes.set(JAVA_LONG, 8, key.address());
    attributes.set(JAVA_LONG, 16, value.address());
    require(bpf(MAP_UPDATE));
    attributes.fill((byte) 0);
    attributes.set(JAVA_INT, 0, program);
    attributes.set(JAVA_INT, 8, (int) input.byteSize());
    attributes.set(JAVA_LONG, 16, input.address());
    require(bpf(PROGRAM_TEST_RUN));
    return attributes.get(JAVA_INT, 4);
  }

  private static void require(int result) {
    if (result < 0) {
      throw new IllegalStateException("bpf(2) failed");
    }
  }

  private int bpf(int command) {
    long number = System.getProperty("os.arch").equals("amd64") ? 321 : 280;
    try {
      return (int)
          (long) SYSCALL.invokeExact(number, (long) command, attributes, (long) ATTRIBUTES);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void closeProgram() {
    if (program >= 0) {
      close(program);
      program = -1;
    }
  }

  private static void close(int file) {
    try {
      int ignored = (int) CLOSE.invokeExact(file);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void close() {
    closeProgram();
    close(map);
    arena.close();
  }
}
