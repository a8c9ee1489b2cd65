package dropsite.analyze.kernel;

import dropsite.analyze.input.SectionedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what the sections of our own scripts' texts say about the kernel. Lines that say nothing
 * of use, cut ones for example, are passed over: the rest is as good as ever.
 */
final class SectionedFacts {
  /** Far more than any kernel has: a text must not fill our memory. */
  private static final int MOST_ENTRIES = 1 << 16;

  /** {@code name size users users-names, state 0xbase}, as /proc/modules prints it. */
  private static final Pattern MODULE =
      Pattern.compile("(\\S{1,64}) (\\d{1,18}) \\S+ \\S+ \\S+ 0x([0-9a-f]{1,16})(?: .*)?");

  /** One of __print_symbolic's pairs in a tracepoint's format. */
  private static final Pattern REASON =
      Pattern.compile("\\{ ?(0x[0-9a-f]{1,8}|\\d{1,10}), \"([A-Z0-9_]{1,64})\" ?\\}");

  private static final Pattern NAMED = Pattern.compile("(\\S{1,64}) (?:0x)?([0-9a-f]{1,16})");

  private static final String PRINT_FORMAT = "print fmt:";
  private static final String TEXT_SECTION = ".text";

  private final String source;
  private final Map<String, Long> symbols = new HashMap<>();
  private final Map<String, Extent> modules = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> sections = new HashMap<>();
  private final Map<String, String> moduleBuildIds = new HashMap<>();
  private final Map<Long, String> reasons = new HashMap<>();
  private int sectionCount;
  private @Nullable String release;
  private @Nullable String version;
  private @Nullable String buildId;

  /**
   * @param source the file as the user named it
   */
  SectionedFacts(String source) {
    this.source = source;
  }

  KernelFacts read(SectionedText text) throws IOException {
    while (text.advance()) {
      switch (text.section()) {
        case "kernel" -> kernel(text.line());
        case "modules" -> module(text.line());
        case "module-details" -> moduleDetails(text.line());
        case "format" -> format(text.line());
        default -> {
          // Events, and what is there for people to read.
        }
      }
    }
    List<LoadedModule> loaded = new ArrayList<>();
    modules.forEach((name, extent) ->
        loaded.add(
            new LoadedModule(
                name,
                sections.getOrDefault(name, Map.of()).getOrDefault(TEXT_SECTION, extent.base),
                extent.sizeBytes,
                moduleBuildIds.get(name),
                sections.getOrDefault(name, Map.of()))));
    return new KernelFacts(
        source, release, version, buildId, symbols, loaded, reasons, Map.of(), Kallsyms.NONE);
  }

  /**
   * Reads {@code release …}, {@code version …}, {@code notes hex…} and {@code symbol name address}.
   */
  private void kernel(String line) {
    String[] words = line.split(" ", 2);
    if (words.length < 2) {
      return;
    }
    switch (words[0]) {
      case "release" -> release = words[1];
      case "version" -> version = words[1];
      case "notes" -> buildId = BuildIdNote.in(words[1]);
      case "symbol" -> named(words[1], symbols);
      default -> {
        // For people to read.
      }
    }
  }

  private void module(String line) {
    Matcher module = MODULE.matcher(line);
    if (module.matches() && modules.size() < MOST_ENTRIES) {
      long base = Long.parseUnsignedLong(module.group(3), 16);
      modules.put(module.group(1), new Extent(base, Long.parseLong(module.group(2))));
    }
  }

  /** Reads {@code name notes hex…} and {@code name section .text address}. */
  private void moduleDetails(String line) {
    String[] words = line.split(" ", 3);
    if (words.length < 3 || moduleBuildIds.size() + sectionCount >= MOST_ENTRIES) {
      return;
    }
    if (words[1].equals("notes")) {
      String id = BuildIdNote.in(words[2]);
      if (id != null) {
        moduleBuildIds.put(words[0], id);
      }
    } else if (words[1].equals("section")) {
      sectionCount++;
      named(words[2], sections.computeIfAbsent(words[0], name -> new HashMap<>()));
    }
  }

  private void format(String line) {
    if (!line.startsWith(PRINT_FORMAT)) {
      return;
    }
    Matcher reason = REASON.matcher(line);
    while (reason.find() && reasons.size() < MOST_ENTRIES) {
      reasons.put(Long.decode(reason.group(1)), reason.group(2));
    }
  }

  /** Reads {@code name address}; hidden addresses, which are zero, say nothing. */
  private static void named(String text, Map<String, Long> addresses) {
    Matcher named = NAMED.matcher(text);
    if (named.matches() && addresses.size() < MOST_ENTRIES) {
      long address = Long.parseUnsignedLong(named.group(2), 16);
      if (address != 0) {
        addresses.put(named.group(1), address);
      }
    }
  }

  /**
   * Where a module is.
   *
   * @param base run-time address
   */
  private record Extent(long base, long sizeBytes) {}
}
