package dropsite.analyze.kernel;

import dropsite.analyze.box.BoxRecords;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.capture.file.Extent;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.ReasonEnum;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what a capture file says about the kernel of one boot. */
final class CapturedFacts {
  /** Far more than any kernel has: a file must not fill our memory. */
  private static final int MOST_ENTRIES = 1 << 16;

  private static final int MOST_BOOTS = 1000;

  private static final String TEXT_SECTION = ".text";

  /** Origin of reasons that the tracepoint's format names. */
  private static final String FORMAT = "format";

  private final String source;
  private final Map<String, LoadedModule> modules = new LinkedHashMap<>();
  private final Map<Long, String> reasons = new HashMap<>();
  private final Map<Long, String> formatReasons = new HashMap<>();
  private final Map<Long, String> subsystems = new HashMap<>();
  private final Kallsyms.Reader kallsyms;
  private final BoxRecords names = new BoxRecords();
  private final Set<Long> recordings = new HashSet<>();
  private HostKernel kernel;

  private CapturedFacts(String source, HostKernel kernel) {
    this.source = source;
    this.kallsyms = new Kallsyms.Reader(source);
    this.kernel = kernel;
  }

  /**
   * Reads a capture file to its end.
   *
   * @param source the file as the user named it
   * @return the boots in it, in order; files that were merged may hold several
   */
  static List<RecordedBoot> boots(String source, CaptureReader reader) throws IOException {
    Map<Long, CapturedFacts> recordings = new HashMap<>();
    Map<String, CapturedFacts> boots = new LinkedHashMap<>();
    for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
      if (record instanceof CaptureRecord.Kernel each && recordings.size() < MOST_BOOTS) {
        CapturedFacts met =
            boots.computeIfAbsent(
                each.kernel().bootId(), boot -> new CapturedFacts(source, each.kernel()));
        met.kernel = each.kernel();
        met.recordings.add(each.recording());
        recordings.put(each.recording(), met);
        continue;
      }
      CapturedFacts facts = recordings.get(record.recording());
      if (facts != null) {
        facts.add(record);
      }
    }
    Map<Long, Extent> extents = reader.extents();
    return boots.values().stream().map(boot -> boot.boot(extents)).toList();
  }

  private void add(CaptureRecord record) throws IOException {
    switch (record) {
      case CaptureRecord.Module each -> add(each.module());
      case CaptureRecord.Reasons each -> add(each.reasons());
      case CaptureRecord.Symbols each ->
          kallsyms.read(new ByteArrayInputStream(each.symbols().lines()));
      case CaptureRecord.Names each -> names.meet(each);
      default -> {}
    }
  }

  private RecordedBoot boot(Map<Long, Extent> extents) {
    formatReasons.forEach(reasons::putIfAbsent);
    return new RecordedBoot(
        kernel.bootId(),
        kernel.hostName(),
        new KernelFacts(
            source,
            blankToNull(kernel.release()),
            blankToNull(kernel.version()),
            blankToNull(kernel.buildId()),
            withoutZeros(kernel.symbols()),
            modules.values().stream().toList(),
            reasons,
            subsystems,
            kallsyms.part()),
        names.box().namespaces(),
        recordings.stream()
            .map(extents::get)
            .filter(Objects::nonNull)
            .map(Extent::firstNanos)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null));
  }

  private void add(HostModule module) {
    Long text = module.sections().get(TEXT_SECTION);
    long base = text == null || text == 0 ? module.base() : text;
    if (modules.size() < MOST_ENTRIES) {
      modules.put(
          module.name() + "@" + module.base(),
          new LoadedModule(
              module.name(),
              base,
              module.sizeBytes(),
              blankToNull(module.buildId()),
              withoutZeros(module.sections())));
    }
  }

  private void add(ReasonEnum each) {
    if (reasons.size() >= MOST_ENTRIES) {
      return;
    }
    Map<Long, String> target = each.origin().equals(FORMAT) ? formatReasons : reasons;
    if (each.enumName().equals(ReasonEnum.SUBSYSTEMS)) {
      // The high bits of the others' values.
      target = subsystems;
    }
    for (Map.Entry<Integer, String> entry : each.names().entrySet()) {
      target.putIfAbsent(Integer.toUnsignedLong(entry.getKey()), entry.getValue());
    }
  }

  private static Map<String, Long> withoutZeros(Map<String, Long> addresses) {
    Map<String, Long> known = new HashMap<>(addresses);
    known.values().removeIf(address -> address == 0);
    return known;
  }

  private static @Nullable String blankToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
