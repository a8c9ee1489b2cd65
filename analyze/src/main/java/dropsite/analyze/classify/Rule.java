package dropsite.analyze.classify;

import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule: what must be so, and what it then is.
 *
 * @param reasons of which the kernel must have given one; null for any or none
 * @param sites of which one must be in the drop's own frame; null for any
 * @param below of which one must be further down the stack; null for any
 * @param protocols of which the packet must be one; empty for any
 * @param multicast whether the packet must go to a multicast group; null for any
 */
record Rule(
    String classId,
    Severity severity,
    Confidence confidence,
    String title,
    String explanation,
    @Nullable NamePatterns reasons,
    @Nullable NamePatterns sites,
    @Nullable NamePatterns below,
    List<String> protocols,
    @Nullable Boolean multicast,
    List<NextStep> next) {
  /** How much a condition says: a reason is the kernel's own word, a pattern the least. */
  private static final int REASON_WEIGHT = 8;

  private static final int SITE_WEIGHT = 6;
  private static final int SITE_PATTERN_WEIGHT = 2;
  private static final int OTHER_WEIGHT = 1;

  private static final int NO_MATCH = -1;

  static Rule of(RuleData data, Map<String, NextStep> steps) {
    data.expectOnly(
        Set.of("class", "title", "severity", "confidence", "when", "explanation", "next"));
    RuleData when = data.get("when");
    when.expectOnly(Set.of("reason", "site", "below", "protocol", "multicast"));
    if (!when.present()) {
      throw data.malformed("a rule needs conditions");
    }
    String classId = data.get("class").text();
    RuleData multicast = when.get("multicast");
    return new Rule(
        classId,
        data.get("severity").present() ? severity(data.get("severity")) : Severity.ofClass(classId),
        Confidence.of(data.get("confidence")),
        data.get("title").text(),
        data.get("explanation").text(),
        patterns(when.get("reason")),
        patterns(when.get("site")),
        patterns(when.get("below")),
        when.get("protocol").texts(),
        multicast.present() ? Boolean.valueOf(multicast.isTrue()) : null,
        data.get("next").items().stream().map(step -> step(step, steps)).toList());
  }

  private static NextStep step(RuleData name, Map<String, NextStep> steps) {
    NextStep step = steps.get(name.text());
    if (step == null) {
      throw name.malformed("no such step: " + name.text());
    }
    return step;
  }

  private static Severity severity(RuleData data) {
    for (Severity severity : Severity.values()) {
      if (severity.word().equals(data.text())) {
        return severity;
      }
    }
    throw data.malformed("expected drop, benign or unknown");
  }

  private static @Nullable NamePatterns patterns(RuleData data) {
    return data.present() ? new NamePatterns(data.texts()) : null;
  }

  /** Returns how well the rule fits, higher being more specific; negative when it does not. */
  int fit(CallChain chain, @Nullable String reason, @Nullable PacketSummary packet) {
    int fit = 0;
    if (reasons != null) {
      if (reason == null || !reasons.matches(reason)) {
        return NO_MATCH;
      }
      fit += REASON_WEIGHT;
    }
    if (sites != null) {
      int best = chain.hasSite() ? siteFit(chain.siteCalls(), sites) : 0;
      if (best == 0) {
        return NO_MATCH;
      }
      fit += best;
    }
    if (below != null) {
      if (!chain.hasSite() || siteFit(chain.below(), below) == 0) {
        return NO_MATCH;
      }
      fit += OTHER_WEIGHT;
    }
    if (!protocols.isEmpty()) {
      if (packet == null || !protocols.contains(packet.protocol())) {
        return NO_MATCH;
      }
      fit += OTHER_WEIGHT;
    }
    if (multicast != null) {
      if (packet == null || packet.destination() == null || packet.multicast() != multicast) {
        return NO_MATCH;
      }
      fit += OTHER_WEIGHT;
    }
    return fit;
  }

  private static int siteFit(List<Call> calls, NamePatterns names) {
    int best = 0;
    for (Call call : calls) {
      String name = call.name();
      if (name != null && names.matchesWhole(name)) {
        return SITE_WEIGHT;
      }
      if (name != null && names.matches(name)) {
        best = SITE_PATTERN_WEIGHT;
      }
    }
    return best;
  }
}
