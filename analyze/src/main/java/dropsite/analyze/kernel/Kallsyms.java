package dropsite.analyze.kernel;

import dropsite.bytes.MalformedInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * What a running kernel's /proc/kallsyms says of where things are: the kernel itself, its modules,
 * and the code that it made as it ran, such as BPF programs.
 */
public final class Kallsyms {
  /** Nothing is known. */
  static final Kallsyms NONE = new Kallsyms("", Map.of(), List.of());

  private static final long PAGE_BYTES = 4096;

  /** Behind this there is something else, which has no symbol. */
  private static final long LONGEST_FUNCTION_BYTES = 1 << 16;

  private final String source;
  private final Map<String, Long> places;
  private final List<Entry> entries;

  private Kallsyms(String source, Map<String, Long> places, List<Entry> entries) {
    this.source = source;
    this.places = Map.copyOf(places);
    this.entries =
        entries.stream()
            .sorted(Comparator.comparing(Entry::address, Long::compareUnsigned))
            .toList();
  }

  /**
   * Code that is not in vmlinux.
   *
   * @param address run-time
   * @param owner a module, or {@code bpf}
   */
  record Entry(long address, String name, String owner) {

    /** Returns whether the kernel made the code as it ran: no file has it. */
    boolean isMade() {
      return owner.equals("bpf") || owner.startsWith("__builtin__");
    }
  }

  /**
   * Reads a copy of /proc/kallsyms, plain or compressed by xz or gzip.
   *
   * @throws MalformedInputException when it is no such file, or the kernel hid all addresses
   */
  public static Kallsyms read(Path file) throws IOException {
    Reader reader = new Reader(file.toString());
    try (InputStream input = expanded(Files.newInputStream(file))) {
      reader.read(input);
    }
    return reader.whole();
  }

  private static InputStream expanded(InputStream file) throws IOException {
    BufferedInputStream input = new BufferedInputStream(file, 1 << 16);
    input.mark(2);
    int first = input.read();
    int second = input.read();
    input.reset();
    if (first == 0x1f && second == 0x8b) {
      return new BufferedInputStream(new GZIPInputStream(input, 1 << 16), 1 << 16);
    }
    // The bound is xz's own for its highest level.
    return first == 0xfd && second == '7'
        ? new BufferedInputStream(new XZInputStream(input, 1 << 17), 1 << 16)
        : input;
  }

  /** Returns the file as the user named it; empty when there is none. */
  String source() {
    return source;
  }

  /** Returns the run-time addresses of the symbols that tell where the kernel itself is. */
  Map<String, Long> places() {
    return places;
  }

  /** Returns the symbols of a module, by ascending address. */
  List<Entry> of(String owner) {
    return entries.stream().filter(entry -> entry.owner().equals(owner)).toList();
  }

  /**
   * Returns the code that a run-time address is in, or null. Kallsyms lists no ends: code reaches
   * to the next symbol of its owner, or to the end of the page, since owners do not share pages.
   */
  @Nullable Entry covering(long runtimeAddress) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(entries.get(middle).address(), runtimeAddress) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return null;
    }
    Entry entry = entries.get(low - 1);
    boolean last = low == entries.size() || !entries.get(low).owner().equals(entry.owner());
    long endAddress =
        last ? (entry.address() | (PAGE_BYTES - 1)) + 1 : entry.address() + LONGEST_FUNCTION_BYTES;
    return Long.compareUnsigned(runtimeAddress, endAddress) < 0 ? entry : null;
  }

  /** Takes lines, {@code ADDRESS TYPE NAME[\t[OWNER]]} (kernel/kallsyms.c). */
  static final class Reader {
    private static final int ADDRESS_DIGITS = 16;

    /** Far more than any kernel has: a file must not fill our memory. */
    private static final int MOST_ENTRIES = 1 << 19;

    private static final int LONGEST_LINE = 1 << 12;

    /** Symbols at the bounds of the kernel's text, which its link script makes. */
    private static final List<String> PLACES = List.of("_text", "_stext", "_etext");

    private static final String CODE = "tTwW";

    private final String source;
    private final Map<String, Long> places = new HashMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final byte[] line = new byte[LONGEST_LINE];
    private long symbols;
    private boolean seen;

    /**
     * @param source the file as the user named it
     */
    Reader(String source) {
      this.source = source;
    }

    /** Takes all lines of an input. */
    void read(InputStream input) throws IOException {
      int length = 0;
      for (int b = input.read(); b >= 0; b = input.read()) {
        if (b == '\n') {
          take(new String(line, 0, length, StandardCharsets.ISO_8859_1));
          length = 0;
        } else if (length < line.length) {
          line[length++] = (byte) b;
        }
      }
      take(new String(line, 0, length, StandardCharsets.ISO_8859_1));
    }

    private void take(String text) {
      int space = text.indexOf(' ');
      if (space <= 0 || space > ADDRESS_DIGITS || text.length() < space + 4) {
        return;
      }
      long address;
      try {
        address = Long.parseUnsignedLong(text, 0, space, ADDRESS_DIGITS);
      } catch (NumberFormatException e) {
        return;
      }
      symbols++;
      seen |= address != 0;
      int tab = text.indexOf('\t', space);
      String name = text.substring(space + 3, tab < 0 ? text.length() : tab);
      if (address == 0) {
        return;
      }
      if (tab < 0) {
        if (PLACES.contains(name)) {
          places.putIfAbsent(name, address);
        }
      } else if (CODE.indexOf(text.charAt(space + 1)) >= 0 && entries.size() < MOST_ENTRIES) {
        String owner = text.substring(tab + 1).replace("[", "").replace("]", "");
        entries.add(new Entry(address, name, owners.computeIfAbsent(owner, it -> it)));
      }
    }

    /** Returns what a whole file says. */
    Kallsyms whole() {
      if (symbols == 0) {
        throw new MalformedInputException(source, "has no line of /proc/kallsyms");
      }
      if (!seen) {
        throw new MalformedInputException(
            source,
            "every address is zero: the kernel hid them (kernel.kptr_restrict); copy /proc/kallsyms"
                + " as root while it is 0 or 1");
      }
      return part();
    }

    /** Returns what lines say that were chosen by who recorded them. */
    Kallsyms part() {
      return new Kallsyms(source, places, entries);
    }
  }
}
