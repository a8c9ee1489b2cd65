package dropsite.analyze.input;

import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;

/** Functions that a stack of the kernel's ends in: what is below one belongs to a program. */
final class KernelEntry {
  private static final NamePatterns OUTERMOST =
      new NamePatterns(
          RuleData.resource(KernelEntry.class, "/dropsite/analyze/stack/entries.yaml")
              .get("outermost")
              .texts());

  private KernelEntry() {}

  static boolean is(String symbol) {
    return OUTERMOST.matches(symbol);
  }
}
