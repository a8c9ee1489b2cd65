package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attribution while what is known about it is put together. */
final class Draft {
  private final Attribution.Kind kind;
  private final String text;
  private final List<String> evidence = new ArrayList<>();
  private final List<NextStep> commands = new ArrayList<>();
  private Confidence confidence = Confidence.HIGH;
  private @Nullable String table;
  private @Nullable String handle;
  private @Nullable Long counterDelta;

  Draft(Attribution.Kind kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  /** Makes one of a setting and its value. */
  static Draft ofSysctl(String path, String value, String better, String why) {
    String name = Sysctls.name(path);
    return new Draft(Attribution.Kind.SYSCTL, name + " = " + value)
        .run(Step.of("shows the setting", "sysctl", name))
        .run(Step.of(why, "sysctl", "-w", name + "=" + better));
  }

  Draft table(String value) {
    table = value;
    return this;
  }

  Draft handle(String value) {
    handle = value;
    return this;
  }

  Draft sure(Confidence value) {
    confidence = value;
    return this;
  }

  Draft because(String sentence) {
    evidence.add(sentence);
    return this;
  }

  /** Adds what makes it less than certain. */
  Draft doubted(List<String> doubts) {
    if (!doubts.isEmpty()) {
      confidence = confidence.compareTo(Confidence.MEDIUM) > 0 ? Confidence.MEDIUM : confidence;
      evidence.addAll(doubts);
    }
    return this;
  }

  Draft counted(Movement movement) {
    counterDelta = movement.delta();
    evidence.add(movement.inWords());
    return this;
  }

  Draft run(NextStep step) {
    commands.add(step);
    return this;
  }

  Attribution done() {
    return new Attribution(
        kind, text, table, null, handle, counterDelta, confidence, evidence, commands);
  }
}
