package dropsite.capture.host;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads /proc/kallsyms line by line: {@code ADDRESS TYPE NAME[\t[MODULE]]} (kernel/kallsyms.c).
 *
 * <p>The kernel's own symbols come first, by address; those of modules and BPF programs follow.
 */
final class Kallsyms {
  /** The start of a table that only kernels with the ORC unwinder have. */
  static final String ORC_TABLE = "__start_orc_unwind";

  private static final Set<String> PLACES = Set.of("_text", "_stext", "_etext");
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MOST_BYTES = 1 << 27;
  private static final String BPF = "bpf";

  /** Names of pseudo modules for code that the kernel makes as it runs: ftrace's and kprobes'. */
  private static final String MADE = "__builtin__";

  private final HostFiles files;

  Kallsyms(HostFiles files) {
    this.files = files;
  }

  /**
   * Returns the addresses of the symbols that tell where the kernel lies; empty when it hides them.
   *
   * @param orc whether to look for {@link #ORC_TABLE} too, which takes longer
   */
  Map<String, Long> places(boolean orc) {
    Map<String, Long> places = new HashMap<>();
    read(line -> {
      int space = line.indexOf(' ');
      String name = line.substring(Math.min(line.length(), space + 3));
      if (PLACES.contains(name) || (orc && name.equals(ORC_TABLE))) {
        places.put(name, address(line.substring(0, Math.max(space, 0))));
      }
      boolean all = places.size() == PLACES.size() + (orc ? 1 : 0);
      boolean hidden = places.containsValue(0L);
      return !all && !hidden && !line.endsWith("]");
    });
    if (places.containsValue(0L)) {
      places.clear(); // kernel.kptr_restrict
    }
    return places;
  }

  /**
   * Returns the lines of code that no debug file describes: BPF programs, other code that the
   * kernel made as it ran, and the modules of these names.
   */
  List<KernelSymbols> of(Set<String> modules) {
    Map<String, ByteArrayOutputStream> found = new TreeMap<>();
    read(line -> {
      if (line.endsWith("]") && !line.startsWith("0000000000000000")) {
        String module = line.substring(line.lastIndexOf('[') + 1, line.length() - 1);
        boolean made = module.equals(BPF) || module.startsWith(MADE);
        if (made || modules.contains(module)) {
          found
              .computeIfAbsent(made ? BPF : module, name -> new ByteArrayOutputStream())
              .writeBytes((line + '\n').getBytes(StandardCharsets.ISO_8859_1));
        }
      }
      return true;
    });
    List<KernelSymbols> symbols = new ArrayList<>();
    found.forEach((about, lines) -> symbols.add(new KernelSymbols(about, lines.toByteArray())));
    return symbols;
  }

  /** Returns all lines, some ten megabytes. */
  KernelSymbols all() throws IOException {
    return new KernelSymbols("all", files.read("proc/kallsyms", MOST_BYTES));
  }

  private static long address(String hex) {
    try {
      return Long.parseUnsignedLong(hex, 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Hands over lines as long as they are wanted; stops where the file cannot be read. */
  private void read(Predicate<String> line) {
    try (InputStream in =
        new BufferedInputStream(Files.newInputStream(files.at("proc/kallsyms")), BUFFER_BYTES)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int held = 0;
      for (int count; (count = in.read(buffer, held, buffer.length - held)) > 0; ) {
        int end = held + count;
        int start = 0;
        for (int i = held; i < end; i++) {
          if (buffer[i] == '\n') {
            if (!line.test(new String(buffer, start, i - start, StandardCharsets.ISO_8859_1))) {
              return;
            }
            start = i + 1;
          }
        }
        held = end - start;
        if (held == buffer.length) {
          return; // no line is that long
        }
        System.arraycopy(buffer, start, buffer, 0, held);
      }
    } catch (IOException e) {
      return; // what was read so far counts
    }
  }
}
