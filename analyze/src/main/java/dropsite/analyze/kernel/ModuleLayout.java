package dropsite.analyze.kernel;

import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the sections of a module were loaded, against where its file has them. */
final class ModuleLayout {
  static final String TEXT = ".text";

  /** So many symbols tell where sections are; a module has thousands. */
  private static final int ENOUGH = 512;

  private ModuleLayout() {}

  /**
   * Returns the run-time addresses of a module's sections by the names of its symbols: what most of
   * those of each section say. Files that were laid out beforehand have one section for it all.
   *
   * @param entries of this module
   */
  static Map<String, Long> sections(DebugSymbols file, List<Kallsyms.Entry> entries) {
    Map<String, SlideVotes> votes = new HashMap<>();
    int apart = Math.max(1, entries.size() / ENOUGH);
    for (int i = 0; i < entries.size(); i += apart) {
      List<Symbol> symbols = file.symbols().named(entries.get(i).name());
      if (symbols.size() == 1) {
        Symbol symbol = symbols.getFirst();
        String section = file.relocatable() ? symbol.section() : TEXT;
        Optional<Long> start = file.relocatable() ? file.addressIn(section, 0) : Optional.of(0L);
        if (start.isPresent()) {
          votes
              .computeIfAbsent(section, name -> new SlideVotes())
              .add(entries.get(i).address() - (symbol.linkAddress() - start.get()));
        }
      }
    }
    Map<String, Long> sections = new HashMap<>();
    votes.forEach((section, each) -> {
      Slide majority = each.majority();
      if (majority != null) {
        sections.put(section, majority.bytes());
      }
    });
    return sections;
  }

  /**
   * Returns the link-time address of a run-time address in a module, which may be that behind the
   * last byte of a section; empty when no section of the file has it.
   *
   * @param sections run-time addresses by name
   */
  static Optional<Long> linkAddress(
      DebugSymbols file, Map<String, Long> sections, long runtimeAddress) {
    if (!file.relocatable()) {
      Long base = sections.get(TEXT);
      return base == null ? Optional.empty() : Optional.of(runtimeAddress - base);
    }
    Map.Entry<String, Long> nearest = null;
    for (Map.Entry<String, Long> section : sections.entrySet()) {
      if (Long.compareUnsigned(section.getValue(), runtimeAddress) <= 0
          && (nearest == null || Long.compareUnsigned(section.getValue(), nearest.getValue()) > 0)
          && addressIn(file, section, runtimeAddress) != null) {
        nearest = section;
      }
    }
    return nearest == null
        ? Optional.empty()
        : Optional.ofNullable(addressIn(file, nearest, runtimeAddress));
  }

  private static @Nullable Long addressIn(
      DebugSymbols file, Map.Entry<String, Long> section, long runtimeAddress) {
    long offset = runtimeAddress - section.getValue();
    Optional<Long> inside = file.addressIn(section.getKey(), offset);
    if (inside.isPresent() || offset == 0) {
      return inside.orElse(null);
    }
    // A call that never returns may end a section.
    return file.addressIn(section.getKey(), offset - 1).map(last -> last + 1).orElse(null);
  }
}
