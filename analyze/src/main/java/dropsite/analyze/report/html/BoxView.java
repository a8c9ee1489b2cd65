package dropsite.analyze.report.html;

import dropsite.analyze.box.Namespace;
import dropsite.analyze.report.BoxReport;
import dropsite.analyze.report.Environment;
import dropsite.analyze.report.Wording;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A box in a page.
 *
 * @param name it goes by
 * @param facts of it and of what was read
 * @param said warnings, notes and what is missing
 * @param parts of the snapshots
 * @param moreParts how many there was no room for
 */
record BoxView(String name, List<Fact> facts, List<Said> said, List<Part> parts, int moreParts) {
  private static final int MOST_PARTS = 400;
  private static final int MOST_SENTENCES = 200;
  private static final int LONGEST_WORDS = 4000;
  private static final int LONGEST_PART = 40_000;

  /** A fact and what it is about. */
  record Fact(String label, String words) {}

  /** A sentence, and whether it is a warning, a note or something missing. */
  record Said(String kind, String words) {}

  /**
   * A part of a snapshot.
   *
   * @param title what it is, of which namespace
   * @param phase when it was taken
   * @param origin the command or file
   * @param size how much there is
   * @param lines of it
   * @param problem why there is nothing or not all; empty when all went well
   */
  record Part(
      String title, String phase, String origin, String size, List<String> lines, String problem) {}

  static BoxView of(BoxReport box, Clock clock, Room room, Room partsRoom) {
    Environment environment = box.environment();
    List<Fact> facts = new ArrayList<>();
    add(facts, "Recordings", String.join(", ", box.files()), room);
    add(facts, "Kernel", or(environment.release(), "not recorded"), room);
    add(facts, "Version", box.box().version(), room);
    add(facts, "Machine", box.box().machine(), room);
    add(facts, "Build-id", or(environment.buildId(), ""), room);
    add(facts, "Symbols", symbols(environment), room);
    add(facts, "Slide", Wording.slide(environment.slide()), room);
    add(facts, "Boot", box.box().bootId(), room);
    add(facts, "Command line", box.box().commandLine(), room);
    List<Said> said = new ArrayList<>();
    add(said, "warning", environment.warnings(), room);
    add(said, "missing", environment.missing(), room);
    add(said, "note", environment.notes(), room);
    List<Part> parts = new ArrayList<>();
    for (SnapshotPart part : box.box().parts().stream().limit(MOST_PARTS).toList()) {
      parts.add(part(box, part, clock, partsRoom));
    }
    return new BoxView(
        room.cut(box.name(), LONGEST_WORDS),
        facts,
        said,
        parts,
        box.box().parts().size() - parts.size());
  }

  private static String or(@Nullable String words, String otherwise) {
    return words == null ? otherwise : words;
  }

  private static String symbols(Environment environment) {
    String file = environment.symbolFile();
    if (file == null) {
      return "none given: names as printed in the stacks";
    }
    return file + (environment.veryKernel() ? ", of this very kernel" : ", not known to fit");
  }

  private static void add(List<Fact> facts, String label, String words, Room room) {
    if (!words.isEmpty()) {
      facts.add(new Fact(label, room.cut(words, LONGEST_WORDS)));
    }
  }

  private static void add(List<Said> said, String kind, List<String> sentences, Room room) {
    for (String sentence : room.cut(sentences, MOST_SENTENCES, LONGEST_WORDS)) {
      said.add(new Said(kind, sentence));
    }
  }

  private static Part part(BoxReport box, SnapshotPart part, Clock clock, Room room) {
    byte[] bytes = part.bytes();
    int kept = Math.min(bytes.length, LONGEST_PART);
    String text =
        new String(bytes, 0, kept, StandardCharsets.UTF_8)
            + (kept < bytes.length ? "… (" + Wording.size(bytes.length - kept) + " more)" : "");
    Namespace namespace = box.box().namespace(part.netns());
    String space =
        part.netns() == 0 ? "" : namespace == null ? "netns " + part.netns() : namespace.inWords();
    return new Part(
        space.isEmpty() ? part.name() : part.name() + " in " + room.cut(space, LONGEST_WORDS),
        phase(part.phase()) + " " + clock.time(part.realNanos()),
        room.cut(part.origin(), LONGEST_WORDS),
        Wording.size(part.bytes().length) + (part.cut() ? ", cut when taken" : ""),
        room.cut(text, 2 * LONGEST_PART).replace("\t", "    ").lines().toList(),
        room.cut(part.problem(), LONGEST_WORDS));
  }

  private static String phase(Phase phase) {
    return switch (phase) {
      case BEFORE -> "before";
      case DURING -> "during";
      case AFTER -> "after";
    };
  }

  /** Returns the parts that there was something to take of. */
  List<Part> taken() {
    return parts.stream().filter(part -> !part.lines.isEmpty()).toList();
  }

  /** Returns the parts that could not be had, or hold nothing. */
  List<Part> notTaken() {
    return parts.stream().filter(part -> part.lines.isEmpty()).toList();
  }
}
