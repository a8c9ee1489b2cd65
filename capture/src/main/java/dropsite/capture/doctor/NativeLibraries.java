package dropsite.capture.doctor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dropsite.capture.filter.PcapExpression;
import dropsite.capture.libc.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Libraries of the box that are used when they are there, and what one of them says of the kernel.
 *
 * @param libbpf file name and version; empty when there is none
 * @param ringBuffer whether the kernel makes a BPF ring buffer for us; empty when not known
 * @param libpcap file name; empty when there is none
 */
public record NativeLibraries(String libbpf, Optional<Boolean> ringBuffer, String libpcap) {
  /** BPF_MAP_TYPE_RINGBUF of uapi/linux/bpf.h. */
  private static final int RING_BUFFER = 27;

  /** Asks this box. */
  public static NativeLibraries ofThisBox() {
    Optional<NativeLibrary> libbpf = NativeLibrary.load("libbpf.so.1", "libbpf.so.0");
    return new NativeLibraries(
        libbpf.map(NativeLibraries::version).orElse(""),
        libbpf.flatMap(NativeLibraries::makesRingBuffer),
        PcapExpression.library().orElse(""));
  }

  private static String version(NativeLibrary library) {
    String function = "libbpf_version_string"; // since 0.6
    if (!library.has(function)) {
      return library.name();
    }
    try {
      MemorySegment version =
          (MemorySegment) library.function(function, FunctionDescriptor.of(ADDRESS)).invokeExact();
      return library.name() + " (" + NativeLibrary.string(version) + ")";
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }

  private static Optional<Boolean> makesRingBuffer(NativeLibrary library) {
    String function = "libbpf_probe_bpf_map_type"; // since 0.7
    if (!library.has(function)) {
      return Optional.empty();
    }
    try {
      int answer =
          (int)
              library
                  .function(function, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS))
                  .invokeExact(RING_BUFFER, MemorySegment.NULL);
      return answer < 0 ? Optional.empty() : Optional.of(answer == 1);
    } catch (Throwable e) {
      throw NativeLibrary.unexpected(e);
    }
  }
}
