package dropsite.cli;

import dropsite.analyze.classify.ClassTree;
import dropsite.analyze.classify.RuleBook;
import dropsite.analyze.classify.RuleText;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Shows the rules that drops are classified by, and tries them. */
final class RulesCommand implements Command {
  private static final String REASON_PREFIX = "SKB_DROP_REASON_";

  private final Streams streams;
  private final Syntax syntax = new Syntax("rules");
  private final RuleOptions rules = new RuleOptions(syntax);
  private final KernelOptions kernel = new KernelOptions(syntax);
  private final Argument classes =
      syntax.option(
          Takes.TEXT, "CLASS", "list: only rules of this class and those below it", "--class");
  private final Argument reason =
      syntax.option(
          Takes.TEXT,
          "NAME",
          "list: only rules that ask for this drop reason; test: the reason of the case",
          "--reason");
  private final Argument stack =
      syntax.option(
          Takes.TEXT,
          "NAMES",
          "test: functions of a stack, innermost first, with commas between them",
          "--stack");
  private final Argument packet =
      syntax.option(
          Takes.TEXT, "HEX", "test: the packet of the case, from its IP header on", "--packet");
  private final Argument rule =
      syntax.option(Takes.TEXT, "ID", "test: say of this rule too why it does not hold", "--rule");
  private final Argument json = syntax.flag("print as JSON", "--json");
  private final Argument words =
      syntax.operands(
          1, "list|show|test", "what to do; then what to show, or the recordings to test with");

  RulesCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    RuleBook book = rules.book();
    List<String> operands = words.texts().subList(1, words.texts().size());
    return switch (words.texts().getFirst()) {
      case "list" -> list(book, operands);
      case "show" -> show(book, operands);
      case "test" -> test(book, operands);
      default ->
          throw CommandFailure.wrongUsage(
              "expected list, show or test, found \"" + words.texts().getFirst() + "\"");
    };
  }

  private int list(RuleBook book, List<String> operands) throws IOException {
    if (!operands.isEmpty()) {
      throw CommandFailure.wrongUsage("list takes no names: \"rules show\" does");
    }
    List<RuleText> found = new ArrayList<>();
    for (RuleText each : reason.given() ? book.ofReason(bare(reason.textOr(""))) : book.texts()) {
      if (!classes.given() || ClassTree.isWithin(each.classId(), classes.textOr(""))) {
        found.add(each);
      }
    }
    return new RuleListing(streams).list(found, json.given());
  }

  private int show(RuleBook book, List<String> operands) throws IOException {
    if (operands.isEmpty()) {
      throw CommandFailure.wrongUsage("show what? a rule's id, a drop reason or a class");
    }
    List<RuleText> found = new ArrayList<>();
    for (String word : operands) {
      List<RuleText> named = named(book, word);
      if (named.isEmpty()) {
        ClassTree.Entry entry = book.classes().get(word);
        streams.say(
            entry == null
                ? word + ": no rule of this id, no rule for this reason or class"
                : word
                    + ": "
                    + entry.meaning()
                    + "; no rule gives this class: the functions of hooks on the stack tell it");
      }
      named.stream().filter(each -> !found.contains(each)).forEach(found::add);
    }
    return new RuleListing(streams).show(found, book.classes(), json.given());
  }

  private static List<RuleText> named(RuleBook book, String word) {
    List<RuleText> byId = book.texts().stream().filter(each -> each.id().equals(word)).toList();
    if (!byId.isEmpty()) {
      return byId;
    }
    List<RuleText> byReason = book.ofReason(bare(word));
    return byReason.isEmpty()
        ? book.texts().stream().filter(each -> ClassTree.isWithin(each.classId(), word)).toList()
        : byReason;
  }

  private static String bare(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith(REASON_PREFIX) ? upper.substring(REASON_PREFIX.length()) : upper;
  }

  private int test(RuleBook book, List<String> operands) throws IOException {
    RuleTrials trials = new RuleTrials(streams, book, rule.textOr(""));
    if (stack.given() || reason.given() || packet.given()) {
      if (!operands.isEmpty()) {
        throw CommandFailure.wrongUsage("a case is described, or taken from recordings: not both");
      }
      List<String> functions =
          Pattern.compile(",")
              .splitAsStream(stack.textOr(""))
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .toList();
      trials.add(functions, reason.given() ? bare(reason.textOr("")) : null, packet.textOr(""));
    }
    new InputFiles(streams).check(operands);
    for (String file : operands) {
      trials.add(file, kernel);
    }
    if (trials.isEmpty()) {
      streams
          .out()
          .text(
              book.size() + " rules, " + book.classes().entries().size() + " classes: well-formed")
          .newline();
      return ExitCode.OK;
    }
    return trials.print(json.given());
  }
}
