package dropsite.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Classifier;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.RuleBook;
import dropsite.analyze.classify.RuleTrial;
import dropsite.analyze.classify.StackClassifier;
import dropsite.analyze.input.DescribedDrop;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.ReasonNames;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.text.SafeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tries rules on drops: which hold, which wins, and why others do not hold. */
final class RuleTrials {
  private static final int LONGEST = 160;

  private final Streams streams;
  private final Classifier classifier;
  private final String asked;
  private final Map<String, Tried> tried = new LinkedHashMap<>();

  /** Drops that are judged alike; counted while they come in. */
  private static final class Tried {
    private final String words;
    private final Classification judged;
    private final List<RuleTrial> holding;
    private final List<RuleTrial> near;
    private long count;

    Tried(String words, Classification judged, List<RuleTrial> holding, List<RuleTrial> near) {
      this.words = words;
      this.judged = judged;
      this.holding = holding;
      this.near = near;
    }
  }

  /**
   * @param asked id of a rule to tell of in any case; empty for none
   */
  RuleTrials(Streams streams, RuleBook book, String asked) {
    this.streams = streams;
    this.classifier = Classifier.by(book);
    this.asked = asked;
    if (!asked.isEmpty() && book.texts().stream().noneMatch(rule -> rule.id().equals(asked))) {
      throw new CommandFailure(asked + ": no rule of this id");
    }
  }

  boolean isEmpty() {
    return tried.isEmpty();
  }

  /**
   * Tries a case that somebody describes.
   *
   * @param functions innermost first
   * @param packet its bytes in hex; empty for none
   */
  void add(List<String> functions, @Nullable String reason, String packet) throws IOException {
    try (KernelImage none = KernelImage.of(null, Map.of(), KernelFacts.NONE, false)) {
      StackEvent event;
      try {
        event = DescribedDrop.of(functions, reason, packet);
      } catch (IllegalArgumentException e) {
        throw CommandFailure.wrongUsage(String.valueOf(e.getMessage()));
      }
      add(new StackResolver(none, false).resolve(event), event, named(reason), true);
    }
  }

  private static @Nullable DropReason named(@Nullable String reason) {
    return reason == null ? null : new DropReason(null, reason, "as described");
  }

  /** Tries the drops of a recording. */
  void add(String file, KernelOptions kernel) throws IOException {
    try (KernelImage image = kernel.open(streams, List.of(file));
        EventReader events =
            Recordings.open(InputFiles.name(file), new InputFiles(streams).open(file))) {
      if (image.vmlinux().isEmpty()) {
        streams.say(
            InputFiles.name(file)
                + ": tried without symbols, so rules see only the functions that it names itself"
                + " (--vmlinux, --debug-dir)");
      }
      StackResolver resolver = new StackResolver(image, kernel.exact());
      ReasonNames reasons = new ReasonNames(image);
      for (StackEvent event = events.next(); event != null; event = events.next()) {
        ResolvedStack stack = resolver.resolve(event);
        DropReason reason = reasons.of(event.facts(), stack.slide());
        add(stack, event, reason, image.isVeryKernel(stack.slide()));
      }
    }
  }

  private void add(
      ResolvedStack stack, StackEvent event, @Nullable DropReason reason, boolean imageFits) {
    StackClassifier of = classifier.of(stack, reason, imageFits);
    Classification judged = of.classify(event.facts());
    String words = words(judged, reason);
    String key = words + judged.ruleId() + judged.classId() + judged.confidence();
    Tried known = tried.get(key);
    if (known == null) {
      List<RuleTrial> trials = of.trials(event.facts());
      known =
          new Tried(
              words,
              judged,
              trials.stream()
                  .filter(trial -> trial.fit() > 0)
                  .sorted(Comparator.comparingInt(RuleTrial::fit).reversed())
                  .toList(),
              trials.stream()
                  .filter(trial ->
                      trial.fit() == 0
                          && (!trial.holding().isEmpty() || trial.ruleId().equals(asked)))
                  .toList());
      tried.put(key, known);
    }
    known.count += event.count();
  }

  private static String words(Classification judged, @Nullable DropReason reason) {
    DropPlace place = judged.place();
    String function =
        place == null || place.layer() == null
            ? "an unknown place"
            : String.valueOf(place.layer().source().canonicalName());
    return (reason == null ? "no reason" : "reason " + reason.inWords()) + ", freed in " + function;
  }

  int print(boolean json) throws IOException {
    if (json) {
      printJson();
      return ExitCode.OK;
    }
    for (Tried each : tried.values()) {
      line(each.count + (each.count == 1 ? " drop: " : " drops: ") + each.words);
      Classification judged = each.judged;
      line("  is " + judged.classId() + ", confidence " + judged.confidence().word());
      judged.evidence().forEach(sentence -> line("     " + sentence));
      if (judged.ruleId() == null && each.holding.isEmpty()) {
        line("  no rule holds");
      }
      for (RuleTrial trial : each.holding) {
        boolean wins = trial.ruleId().equals(judged.ruleId());
        line(
            String.format(
                "  %-6s %4d  %s: %s",
                wins ? "wins" : "holds",
                trial.fit(),
                trial.ruleId(),
                cut(String.join("; ", trial.holding()))));
      }
      for (RuleTrial trial : each.near) {
        line("  not          " + trial.ruleId() + ": " + cut(String.join(" / ", trial.failing())));
      }
    }
    return ExitCode.OK;
  }

  /** Rules may ask for one of a hundred functions. */
  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  private void line(String text) {
    streams.out().text(SafeText.of(text)).newline();
  }

  private void printJson() throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(streams.out())) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeArrayFieldStart("cases");
      for (Tried each : tried.values()) {
        json.writeStartObject();
        json.writeNumberField("count", each.count);
        json.writeStringField("case", each.words);
        json.writeStringField("class", each.judged.classId());
        json.writeStringField("confidence", each.judged.confidence().word());
        json.writeStringField("rule", each.judged.ruleId());
        RuleListing.texts(json, "evidence", each.judged.evidence());
        json.writeArrayFieldStart("holding");
        for (RuleTrial trial : each.holding) {
          json.writeStartObject();
          json.writeStringField("rule", trial.ruleId());
          json.writeStringField("class", trial.classId());
          json.writeNumberField("specificity", trial.fit());
          RuleListing.texts(json, "conditions", trial.holding());
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("failing");
        for (RuleTrial trial : each.near) {
          json.writeStartObject();
          json.writeStringField("rule", trial.ruleId());
          json.writeStringField("class", trial.classId());
          RuleListing.texts(json, "conditions", new ArrayList<>(trial.failing()));
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
