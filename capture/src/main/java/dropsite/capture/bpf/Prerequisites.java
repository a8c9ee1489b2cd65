package dropsite.capture.bpf;

import dropsite.btf.Btf;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.SourceUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What has to be there before a BPF program can be loaded, each told in one line when it is not.
 */
final class Prerequisites {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path LOCKDOWN = Path.of("/sys/kernel/security/lockdown");
  private static final String EFFECTIVE = "CapEff:";
  private static final long SYS_ADMIN = 1L << 21;
  private static final long PERFMON_AND_BPF = 1L << 38 | 1L << 39;

  private Prerequisites() {}

  /** Checks that this process may load programs that read the kernel's memory. */
  static void privilege() throws SourceUnavailableException, IOException {
    long capabilities =
        Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
            .filter(line -> line.startsWith(EFFECTIVE))
            .map(line -> Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16))
            .findFirst()
            .orElse(0L);
    if ((capabilities & SYS_ADMIN) == 0 && (capabilities & PERFMON_AND_BPF) != PERFMON_AND_BPF) {
      throw new SourceUnavailableException(
          "loading a BPF program takes root, or the capabilities CAP_BPF and CAP_PERFMON");
    }
  }

  /** Checks that the kernel is not locked against reading its memory. */
  static void lockdown() throws SourceUnavailableException, IOException {
    if (Files.isReadable(LOCKDOWN) && Files.readString(LOCKDOWN).contains("[confidentiality]")) {
      throw new SourceUnavailableException(
          "the kernel is locked down (confidentiality), which keeps BPF programs from reading its"
              + " memory; use --source tracefs");
    }
  }

  /** Returns the kernel's types. */
  static Btf types() throws SourceUnavailableException, IOException {
    try {
      return Btf.ofRunningKernel();
    } catch (NoSuchFileException e) {
      throw new SourceUnavailableException(
          e.getFile()
              + " is not there (a kernel built without CONFIG_DEBUG_INFO_BTF): the BPF program"
              + " cannot be fitted to this kernel; use --source tracefs");
    } catch (MalformedInputException e) {
      throw new SourceUnavailableException("the kernel's types cannot be read: " + e.getMessage());
    }
  }
}
