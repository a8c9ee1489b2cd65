package dropsite.analyze.kernel;

import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The release of a kernel's file, as {@code uname -r} prints it.
 *
 * @param name empty when the file does not tell
 * @param certain whether the kernel itself says so, in its banner; else its file is named so
 */
public record KernelRelease(String name, boolean certain) {
  private static final String TEXT_SECTION = ".rodata";
  private static final byte[] BANNER = "Linux version ".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_RELEASE = 64;
  private static final String FILE_PREFIX = "vmlinux-";
  private static final List<String> FILE_SUFFIXES = List.of(".xz", ".gsym", ".debug");

  /** Nothing is known. */
  static final KernelRelease UNKNOWN = new KernelRelease("", false);

  /** Returns the release of a kernel, ELF or GSYM. */
  static KernelRelease of(Path file) throws IOException {
    if (SymbolFiles.startsAsElf(file)) {
      try (ElfImage image = ElfImage.open(file)) {
        String banner =
            image.section(TEXT_SECTION).map(image::contents).map(KernelRelease::banner).orElse("");
        if (!banner.isEmpty()) {
          return new KernelRelease(banner, true);
        }
      }
    }
    String name = file.getFileName().toString();
    for (String suffix : FILE_SUFFIXES) {
      name = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }
    return name.startsWith(FILE_PREFIX)
        ? new KernelRelease(name.substring(FILE_PREFIX.length()), false)
        : UNKNOWN;
  }

  private static String banner(Bytes data) {
    MemorySegment memory = data.memory();
    long last = memory.byteSize() - BANNER.length - LONGEST_RELEASE;
    for (long at = 0; at < last; at++) {
      if (memory.get(ValueLayout.JAVA_BYTE, at) == BANNER[0]
          && memory.asSlice(at, BANNER.length).mismatch(MemorySegment.ofArray(BANNER)) < 0) {
        StringBuilder release = new StringBuilder();
        for (int i = 0; i < LONGEST_RELEASE; i++) {
          int c = memory.get(ValueLayout.JAVA_BYTE, at + BANNER.length + i);
          if (c <= ' ' || c == '%') {
            break;
          }
          release.append((char) c);
        }
        if (release.length() > 0) {
          return release.toString();
        }
      }
    }
    return "";
  }
}
