package dropsite.capture.host;

import java.util.List;
import java.util.Map;

/**
 * The running kernel.
 *
 * @param release as {@code uname -r} prints it
 * @param version as {@code uname -v} prints it
 * @param machine as {@code uname -m} prints it
 * @param buildId lower-case hex; empty when the kernel gives none
 * @param notes bytes of /sys/kernel/notes; empty when not readable
 * @param symbols run-time addresses by name, of those that tell where the kernel lies: {@code
 *     _text}, {@code _stext}, {@code _etext}; empty when kallsyms hides addresses
 * @param unwinder {@code orc}, {@code frame-pointer}, or empty when not known
 * @param bootId /proc/sys/kernel/random/boot_id
 * @param hostName empty when not recorded, and when the box was never given one
 * @param commandLine of the kernel, empty when not recorded
 * @param clocks readings of the clocks, the first taken before the first event
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and hot or large
public record HostKernel(
    String release,
    String version,
    String machine,
    String buildId,
    byte[] notes,
    Map<String, Long> symbols,
    String unwinder,
    String bootId,
    String hostName,
    String commandLine,
    List<ClockReading> clocks) {
  /** What the kernel calls a box that nobody named (UTS_NODENAME in include/linux/uts.h). */
  private static final String NAMELESS = "(none)";

  /** Takes the name that all nameless boxes share for none. */
  public HostKernel {
    hostName = hostName.equals(NAMELESS) ? "" : hostName;
  }

  /**
   * The clocks at one moment, all in nanoseconds.
   *
   * @param bootNanos CLOCK_BOOTTIME, which events carry
   * @param realNanos CLOCK_REALTIME, since 1970 UTC
   * @param monotonicNanos CLOCK_MONOTONIC
   */
  public record ClockReading(long bootNanos, long realNanos, long monotonicNanos) {}
}
