package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.Layer;
import dropsite.text.SafeText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What a report says of each packet, in one line that Wireshark shows as its comment. */
public final class PacketComments {
  private final List<String> lines = new ArrayList<>();
  private final Map<String, int[]> numbers = new HashMap<>();

  /**
   * @param files of each box of the report, as the user named them
   */
  public PacketComments(Report report, List<List<String>> files) {
    for (Finding finding : report.findings()) {
      lines.add(line(lines.size() + 1, finding, report.boxes().get(finding.box()).names()));
    }
    EventTable events = report.events();
    for (int i = 0; i < events.size(); i++) {
      if (events.finding(i) >= 0) {
        EventRow row = events.row(i);
        put(files.get(row.box()).get(row.file()), (int) row.ordinal(), row.finding() + 1);
      }
    }
  }

  private void put(String file, int ordinal, int number) {
    int[] known = numbers.computeIfAbsent(file, _ -> new int[1 << 10]);
    if (ordinal >= known.length) {
      known = Arrays.copyOf(known, Math.max(ordinal + 1, known.length + (known.length >> 1)));
      numbers.put(file, known);
    }
    known[ordinal] = number;
  }

  /**
   * Returns the comments on the events of a file by their number in it, from 1; null for those that
   * the report does not tell of.
   */
  public LongFunction<@Nullable String> of(String file) {
    int[] known = numbers.getOrDefault(file, new int[0]);
    return ordinal ->
        ordinal < known.length && known[(int) ordinal] > 0
            ? lines.get(known[(int) ordinal] - 1)
            : null;
  }

  /** Returns the line for a finding. */
  static String line(int number, Finding finding, SourceNames names) {
    Classification classification = finding.classification();
    StringBuilder line =
        new StringBuilder("[").append(number).append("] ").append(classification.title());
    if (finding.attributions().isEmpty()) {
      line.append(" (").append(classification.confidence().word());
    } else {
      Attribution cause = finding.attributions().getFirst();
      line.append(": ").append(Wording.noun(cause.kind())).append(" \"").append(cause.text());
      line.append("\" (").append(cause.confidence().word());
    }
    line.append(classification.severity() == Severity.BENIGN ? ", benign)" : ")");
    DropPlace place = classification.place();
    if (place != null) {
      Layer layer = place.layer();
      line.append(" at ")
          .append(
              layer == null ? Wording.frame(place.frame()) : SourceNames.function(layer.source()));
      String position = layer == null ? null : names.position(layer.source());
      line.append(position == null ? "" : " " + position);
    }
    DropReason reason = finding.reason();
    if (reason != null) {
      line.append(", reason ").append(reason.name() == null ? reason.number() : reason.name());
    }
    return SafeText.of(line.toString());
  }
}
