package dropsite.analyze.captures;

import dropsite.analyze.classify.ClassTree;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the classes of recorded drops stand to what is known of them.
 *
 * @param rows one for each scenario that dropped a packet, as a table of docs/rules.md has it
 * @param right scenarios of which most events got the class set up, or one below it
 * @param falselySure events with a wrong class and high confidence, by label
 * @param noise classes of the events that are of no scenario, by how many they are
 */
record LabTruth(
    List<String> rows, int right, List<String> falselySure, Map<String, Integer> noise) {

  static LabTruth of(Capture capture, List<Classification> classes) throws IOException {
    List<String> labels = capture.labels();
    Map<String, Classification> byLabel = new HashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      byLabel.put(labels.get(i), classes.get(i));
    }
    List<String> rows = new ArrayList<>();
    List<String> falselySure = new ArrayList<>();
    Set<String> labelled = new HashSet<>();
    int right = 0;
    for (Capture.Scenario scenario : capture.scenarios()) {
      Map<String, Integer> got = new TreeMap<>();
      int fitting = 0;
      for (String label : scenario.labels()) {
        Classification found = Objects.requireNonNull(byLabel.get(label));
        labelled.add(label);
        got.merge(found.classId() + " " + found.confidence().word(), 1, Integer::sum);
        boolean fits = ClassTree.isWithin(found.classId(), scenario.classId());
        fitting += fits ? 1 : 0;
        if (!fits && found.confidence() == Confidence.HIGH && !knownBetter(found, scenario)) {
          falselySure.add(label + ": " + found.classId());
        }
      }
      boolean most = fitting * 2 > scenario.labels().size();
      right += most ? 1 : 0;
      rows.add(
          "| "
              + scenario.name()
              + " | "
              + scenario.classId()
              + " | "
              + String.join(
                  ", ", got.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList())
              + " | "
              + (most ? "yes" : "no")
              + " |");
    }
    Map<String, Integer> noise = new TreeMap<>();
    for (String label : labels) {
      if (!labelled.contains(label)) {
        Classification found = Objects.requireNonNull(byLabel.get(label));
        noise.merge(
            found.severity() == Severity.DROP
                ? "drop " + found.classId() + " " + found.confidence().word()
                : found.severity().word() + " " + found.classId(),
            1,
            Integer::sum);
      }
    }
    return new LabTruth(rows, right, falselySure, noise);
  }

  /**
   * In the queue scenarios some packets got through and met no socket: theirs is that class, as the
   * kernel itself says.
   */
  private static boolean knownBetter(Classification found, Capture.Scenario scenario) {
    return scenario.classId().equals("qdisc") && found.classId().equals("socket.none.udp");
  }
}
