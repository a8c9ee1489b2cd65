package dropsite.capture.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Gathers what is to be known about the running kernel, by reading files alone. */
final class KernelReader {
  private static final int MOST_CONFIG_BYTES = 1 << 22;

  private final HostFiles files;

  KernelReader(HostFiles files) {
    this.files = files;
  }

  HostKernel read(List<HostKernel.ClockReading> clocks) {
    String release = files.text("proc/sys/kernel/osrelease");
    String machine = machine();
    byte[] notes = files.bytes("sys/kernel/notes");
    String unwinder = unwinder(release, machine);
    Map<String, Long> symbols = new Kallsyms(files).places(unwinder.isEmpty());
    if (unwinder.isEmpty() && symbols.containsKey(Kallsyms.ORC_TABLE)) {
      unwinder = "orc";
    }
    symbols.remove(Kallsyms.ORC_TABLE);
    return new HostKernel(
        release,
        files.text("proc/sys/kernel/version"),
        machine,
        ElfNotes.buildId("/sys/kernel/notes", notes),
        notes,
        Map.copyOf(symbols),
        unwinder,
        files.text("proc/sys/kernel/random/boot_id"),
        files.text("proc/sys/kernel/hostname"),
        files.text("proc/cmdline"),
        List.copyOf(clocks));
  }

  private String machine() {
    String told = files.text("proc/sys/kernel/arch"); // since 6.1
    if (!told.isEmpty()) {
      return told;
    }
    String java = System.getProperty("os.arch", "");
    return java.equals("amd64") ? "x86_64" : java;
  }

  /** By the kernel's configuration; arm64 has but one way (arch/arm64/kernel/stacktrace.c). */
  private String unwinder(String release, String machine) {
    if (machine.equals("aarch64")) {
      return "frame-pointer";
    }
    String config = files.text("boot/config-" + release);
    if (config.isEmpty()) {
      config = unzipped(files.bytes("proc/config.gz"));
    }
    if (config.contains("CONFIG_UNWINDER_ORC=y")) {
      return "orc";
    }
    return config.contains("CONFIG_UNWINDER_FRAME_POINTER=y") ? "frame-pointer" : "";
  }

  private static String unzipped(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readNBytes(MOST_CONFIG_BYTES), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
