package dropsite.analyze.classify;

import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that classification knows of the kernel, as rule data says it. */
public final class RuleBook {
  /** The files of rules, each about one subject; classes and steps come first. */
  static final List<String> FILES =
      List.of(
          "classes",
          "steps",
          "sockets",
          "tcp",
          "headers",
          "routing",
          "neighbours",
          "queues",
          "programs",
          "devices",
          "bridges",
          "tunnels",
          "ipsec",
          "fragments",
          "netfilter",
          "protocols",
          "wireless",
          "benign",
          "unknown");

  private static final Pattern OPEN_BRACE = Pattern.compile("\\{(?![a-z-]+\\})");

  private static final String FOLDER = "rules/";
  private static final String SUFFIX = ".yaml";

  /** Far more than anybody writes: a folder given by mistake must not fill our memory. */
  private static final int MOST_FILES = 1000;

  private final NamePatterns freeing;
  private final NamePatterns deferring;
  private final HookTable hooks;
  private final WayTable ways;
  private final ReasonBook reasons;
  private final ClassTree classes = new ClassTree();
  private final Map<String, NextStep> steps = new HashMap<>();
  private final Map<String, Rule> rules = new LinkedHashMap<>();

  private RuleBook() {
    RuleData sites = RuleData.resource(RuleBook.class, "freeing.yaml");
    sites.expectOnly(Set.of("freeing", "deferring"));
    freeing = new NamePatterns(sites.get("freeing").texts());
    deferring = new NamePatterns(sites.get("deferring").texts());
    hooks = HookTable.of(RuleData.resource(RuleBook.class, "netfilter.yaml"));
    ways = new WayTable(RuleData.resource(RuleBook.class, "ways.yaml"));
    reasons = new ReasonBook(RuleData.resource(RuleBook.class, "reasons.yaml"));
    for (String file : FILES) {
      add(file, RuleData.resource(RuleBook.class, FOLDER + file + SUFFIX));
    }
  }

  /** Reads the rules that we ship. */
  public static RuleBook shipped() {
    return new RuleBook();
  }

  /**
   * Reads the rules that we ship, and those of a folder's files ({@code *.yaml}), in the order of
   * their names. A rule with the id of another takes its place.
   *
   * @param folder null for none
   * @throws MalformedInputException when a file breaks the rules of rules
   */
  public static RuleBook with(@Nullable Path folder) throws IOException {
    RuleBook book = new RuleBook();
    if (folder == null) {
      return book;
    }
    if (!Files.isDirectory(folder)) {
      throw new MalformedInputException(folder.toString(), "expected a folder of rule files");
    }
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files =
          found
              .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
              .sorted()
              .limit(MOST_FILES)
              .toList();
    }
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new MalformedInputException(file.toString(), "is no regular file");
      }
      try (InputStream input = Files.newInputStream(file)) {
        book.add(file.toString(), RuleData.read(file.toString(), input));
      }
    }
    return book;
  }

  /** Takes what a file says. */
  void add(String file, RuleData data) {
    data.expectOnly(Set.of("classes", "steps", "rules"));
    classes.add(data.get("classes"));
    RuleData stepData = data.get("steps");
    for (String name : stepData.names()) {
      RuleData step = stepData.get(name);
      step.expectOnly(Set.of("run", "why", "of"));
      if (OPEN_BRACE.matcher(step.get("run").text()).find()) {
        throw step.get("run").malformed("expected a name and } behind {, as in {interface}");
      }
      boolean ofBox = step.get("of").optionalText().map("box"::equals).orElse(false);
      steps.put(name, new NextStep(step.get("run").text(), step.get("why").text(), !ofBox));
    }
    Set<String> here = new HashSet<>();
    for (RuleData item : data.get("rules").items()) {
      Rule rule = Rule.of(item, file, classes, steps);
      if (!here.add(rule.id())) {
        throw item.get("id").malformed("a second rule with the id " + rule.id());
      }
      rules.put(rule.id(), rule);
    }
  }

  NamePatterns freeing() {
    return freeing;
  }

  /** Returns the functions that free what others gave up before, elsewhere. */
  NamePatterns deferring() {
    return deferring;
  }

  HookTable hooks() {
    return hooks;
  }

  WayTable ways() {
    return ways;
  }

  ReasonBook reasons() {
    return reasons;
  }

  /** Returns the classes of drops. */
  public ClassTree classes() {
    return classes;
  }

  /** Returns the rules in order. */
  List<Rule> rules() {
    return new ArrayList<>(rules.values());
  }

  /** Returns the rules in order, for people to read. */
  public List<RuleText> texts() {
    return rules.values().stream().map(RuleText::of).toList();
  }

  /** Returns the rules that ask for a reason, in order. */
  public List<RuleText> ofReason(String reason) {
    return rules.values().stream()
        .filter(rule -> rule.knowsReason(reason))
        .map(RuleText::of)
        .toList();
  }

  /** Returns the commands that rules may name. */
  List<NextStep> steps() {
    return List.copyOf(steps.values());
  }

  /** Returns how many rules there are. */
  public int size() {
    return rules.size();
  }
}
