package dropsite.oracle;

import dropsite.dwarf.DwarfFile;
import dropsite.oracle.Disagreement.Kind;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Counts agreement of one oracle with us over the files of one kernel. */
final class Tally {
  private final Oracle oracle;
  private final Comparison comparison;
  private final RecordedAnswers answers;
  private final KnownFaults knownFaults;
  private final List<Disagreement> unlisted = new ArrayList<>();
  private final List<String> stale = new ArrayList<>();
  private final Map<Kind, Integer> listed = new EnumMap<>(Kind.class);
  private final TreeSet<String> sections = new TreeSet<>();
  private int files;
  private int agreed;
  private int inlined;

  Tally(Oracle oracle, Comparison comparison, RecordedAnswers answers, KnownFaults knownFaults) {
    this.oracle = oracle;
    this.comparison = comparison;
    this.answers = answers;
    this.knownFaults = knownFaults;
  }

  /** Compares all the answers about one file. */
  void add(KernelSample sample) throws IOException, InterruptedException {
    String buildId = sample.functions().buildId();
    List<Chain> theirs = answers.of(oracle, sample.file(), buildId, sample.queries());
    try (DwarfFile file = DwarfFile.open(sample.file())) {
      long[] addresses =
          sample.queries().stream().mapToLong(query -> linkAddress(file, query)).toArray();
      List<List<SourceFrame>> together = file.frames(addresses);
      for (int i = 0; i < theirs.size(); i++) {
        Query query = sample.queries().get(i);
        List<SourceFrame> ours = file.frames(addresses[i]);
        if (!ours.equals(together.get(i))) {
          throw new AssertionError(
              sample.file() + " " + query + ": alone " + ours + ", in a batch " + together.get(i));
        }
        count(sample, query, ours, theirs.get(i));
      }
    }
    stale.addAll(knownFaults.unmet(buildId, oracle.name()));
    files++;
  }

  private static long linkAddress(DwarfFile file, Query query) {
    return query.section().isEmpty()
        ? query.offset()
        : file.addressIn(query.section(), query.offset()).orElseThrow();
  }

  private void count(KernelSample sample, Query query, List<SourceFrame> ours, Chain theirs) {
    sections.add(query.section());
    if (ours.size() > 1) {
      inlined++;
    }
    Kind kind = comparison.difference(ours, theirs, sample.functions()).orElse(null);
    if (kind == null) {
      agreed++;
      return;
    }
    Disagreement disagreement =
        new Disagreement(
            sample.functions().buildId(),
            String.valueOf(sample.file().getFileName()),
            query,
            oracle.name(),
            kind,
            Comparison.links(ours, true),
            theirs);
    if (knownFaults.covers(disagreement)) {
      listed.merge(kind, 1, Integer::sum);
    } else {
      unlisted.add(disagreement);
    }
  }

  /** Returns the disagreements that the list of exceptions does not cover. */
  List<Disagreement> unlisted() {
    return List.copyOf(unlisted);
  }

  /** Returns the entries of the list of exceptions at which the oracle agrees with us. */
  List<String> stale() {
    return List.copyOf(stale);
  }

  @Override
  public String toString() {
    Map<Kind, Integer> open = new EnumMap<>(Kind.class);
    unlisted.forEach(disagreement -> open.merge(disagreement.kind(), 1, Integer::sum));
    int total = agreed + unlisted.size() + listed.values().stream().mapToInt(n -> n).sum();
    return String.format(
        "%-13s %6d addresses, %d files, %6d with inlined frames, sections %s: agree %d, "
            + "listed exceptions %s, unlisted disagreements %s",
        oracle.name(),
        total,
        files,
        inlined,
        sections,
        agreed,
        listed.isEmpty() ? "0" : listed,
        open.isEmpty() ? "0" : open);
  }
}
