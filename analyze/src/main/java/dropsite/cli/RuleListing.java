package dropsite.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.classify.ClassTree;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.RuleText;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.text.SafeText;
import java.io.IOException;
import java.util.List;

/** Prints rules, one a line or whole. */
final class RuleListing {
  private final Streams streams;

  RuleListing(Streams streams) {
    this.streams = streams;
  }

  int list(List<RuleText> rules, boolean json) throws IOException {
    if (json) {
      printJson(rules);
      return ExitCode.OK;
    }
    int idWidth = rules.stream().mapToInt(rule -> rule.id().length()).max().orElse(0);
    int classWidth = rules.stream().mapToInt(rule -> rule.classId().length()).max().orElse(0);
    for (RuleText rule : rules) {
      line(
          String.format(
              "%-" + idWidth + "s  %-" + classWidth + "s  %-7s  %-6s  %s",
              rule.id(),
              rule.classId(),
              rule.severity().word(),
              rule.confidence().word(),
              rule.title()));
    }
    return rules.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
  }

  int show(List<RuleText> rules, ClassTree classes, boolean json) throws IOException {
    if (json) {
      printJson(rules);
      return rules.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }
    boolean first = true;
    for (RuleText rule : rules) {
      if (!first) {
        line("");
      }
      first = false;
      show(rule, classes);
    }
    return rules.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
  }

  private void show(RuleText rule, ClassTree classes) {
    ClassTree.Entry entry = classes.get(rule.classId());
    line(rule.id() + ": " + rule.title());
    line("  class       " + rule.classId() + (entry == null ? "" : " (" + entry.meaning() + ")"));
    line("  severity    " + rule.severity().word() + ", confidence " + rule.confidence().word());
    line("  from        " + rule.file());
    String label = "  when        ";
    for (String each : rule.cases()) {
      line(label + each);
      label = "  or          ";
    }
    line("  says        " + rule.explanation());
    label = "  causes      ";
    for (String cause : rule.causes()) {
      line(label + cause);
      label = "              ";
    }
    label = "  next        ";
    for (NextStep step : rule.next()) {
      line(label + step.command());
      line("                # " + step.why());
      label = "              ";
    }
    label = "  read        ";
    for (String link : rule.links()) {
      line(label + link);
      label = "              ";
    }
  }

  private void line(String text) {
    streams.out().text(SafeText.of(text).stripTrailing()).newline();
  }

  private void printJson(List<RuleText> rules) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(streams.out())) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeArrayFieldStart("rules");
      for (RuleText rule : rules) {
        json.writeStartObject();
        json.writeStringField("id", rule.id());
        json.writeStringField("class", rule.classId());
        json.writeStringField("severity", rule.severity().word());
        json.writeStringField("confidence", rule.confidence().word());
        json.writeStringField("title", rule.title());
        json.writeStringField("file", rule.file());
        texts(json, "reasons", rule.reasons());
        texts(json, "when", rule.cases());
        json.writeStringField("explanation", rule.explanation());
        texts(json, "causes", rule.causes());
        json.writeArrayFieldStart("next");
        for (NextStep step : rule.next()) {
          json.writeStartObject();
          json.writeStringField("command", step.command());
          json.writeStringField("why", step.why());
          json.writeEndObject();
        }
        json.writeEndArray();
        texts(json, "links", rule.links());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
