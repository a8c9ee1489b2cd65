package dropsite.analyze.firewall;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How sure it is that a rule or policy did it, and why. */
final class Judgement {
  private static final int MOST_NAMED = 5;
  private static final int MOST_CONDITIONS = 40;

  private final List<Clue> clues;
  private final Hook hook;
  private final long drops;
  private final boolean whole;
  private final Confidence most;
  private final @Nullable String routed;

  /**
   * @param clues all that fit, in the order the packet meets them
   * @param drops how many of this kind there are
   * @param whole whether all rules were read and looked at
   * @param most confidence in what the hook was
   * @param routed the device that the packet leaves by, as routes say; null when recorded or not
   *     known
   */
  Judgement(
      List<Clue> clues,
      Hook hook,
      long drops,
      boolean whole,
      Confidence most,
      @Nullable String routed) {
    this.clues = clues;
    this.hook = hook;
    this.drops = drops;
    this.whole = whole;
    this.most = most;
    this.routed = routed;
  }

  /** Returns the likeliest first. */
  List<Attribution> attributions() {
    return clues.stream()
        .sorted(
            Comparator.comparing(this::confidence)
                .thenComparing(this::movedEnough)
                .thenComparing(clue -> clue.suspect().sure())
                .reversed())
        .limit(MOST_NAMED)
        .map(this::attribution)
        .toList();
  }

  private boolean movedEnough(Clue clue) {
    Long moved = clue.moved();
    return moved != null && moved >= drops;
  }

  private Confidence confidence(Clue clue) {
    boolean alone = clues.size() == 1;
    FirewallRule rule = clue.suspect().rule();
    boolean proves = movedEnough(clue) && (rule == null || !rule.countsAll());
    Confidence sure;
    if (clue.suspect().sure()) {
      sure = proves && alone ? Confidence.HIGH : Confidence.MEDIUM;
    } else {
      sure = proves ? Confidence.MEDIUM : Confidence.LOW;
    }
    if (asksRoutes(clue) && sure == Confidence.HIGH) {
      sure = Confidence.MEDIUM;
    }
    boolean movedLess = clue.moved() != null && !movedEnough(clue);
    if (movedLess || clue.presence() == Clue.Presence.GONE) {
      sure = Confidence.LOW;
    }
    return sure.compareTo(limit()) < 0 ? sure : limit();
  }

  private boolean asksRoutes(Clue clue) {
    FirewallRule rule = clue.suspect().rule();
    return routed != null
        && rule != null
        && rule.conditions().stream().anyMatch(condition -> condition.asks(Field.OUT));
  }

  private Confidence limit() {
    return whole || most == Confidence.LOW ? most : Confidence.MEDIUM;
  }

  private Attribution attribution(Clue clue) {
    Suspect suspect = clue.suspect();
    Chain chain = suspect.chain();
    FirewallRule rule = suspect.rule();
    boolean nft = chain.tool().syntax() == Tool.Syntax.NFT;
    return new Attribution(
        rule == null ? Kind.POLICY : Kind.RULE,
        rule == null ? policy(chain, nft) : rule.text().get(),
        nft ? chain.family() + " " + chain.table() : chain.table(),
        chain.name(),
        rule == null
            ? null
            : rule.handle() != null ? "handle " + rule.handle() : "line " + rule.position(),
        clue.moved(),
        confidence(clue),
        evidence(clue),
        Remedy.of(suspect));
  }

  private static String policy(Chain chain, boolean nft) {
    return nft ? "policy drop" : "-P " + chain.name() + " DROP";
  }

  private List<String> evidence(Clue clue) {
    List<String> all = new ArrayList<>();
    Suspect suspect = clue.suspect();
    all.add(matched(suspect));
    all.addAll(suspect.path());
    all.addAll(suspect.doubts());
    if (asksRoutes(clue)) {
      all.add("that it leaves by " + routed + " is what the routes say");
    }
    String counted = counted(clue);
    if (counted != null) {
      all.add(counted);
    }
    switch (clue.presence()) {
      case ADDED -> all.add("it was added while recording: only the snapshot after it has it");
      case GONE -> all.add("it was taken out while recording: the snapshot after it lacks it");
      case ALONE ->
          all.add(
              "the other snapshot is missing or not whole, so how far its counter moved is not"
                  + " known");
      case BOTH -> {}
    }
    if (clues.size() > 1) {
      all.addAll(suspect.earlier());
      all.add((clues.size() - 1) + (clues.size() > 2 ? " others fit" : " other fits") + " too");
    }
    if (!whole) {
      all.add("not all rules were read or looked at");
    }
    return all;
  }

  private String matched(Suspect suspect) {
    Chain chain = suspect.chain();
    String where =
        chain.hook() == null
            ? ""
            : ", which the " + hook.inWords() + " hook runs with priority " + chain.priority();
    FirewallRule rule = suspect.rule();
    if (rule == null) {
      return "no rule of chain "
          + chain.name()
          + where
          + ", decides about the packet, so its policy does";
    }
    List<Condition> conditions = new ArrayList<>(rule.conditions());
    if (suspect.branch() != null && suspect.branch().condition() != null) {
      conditions.add(suspect.branch().condition());
    }
    String place = "rule " + rule.position() + " of chain " + chain.name() + where;
    if (conditions.isEmpty()) {
      return place + ", asks nothing of a packet";
    }
    String words =
        conditions.stream()
            .map(Condition::words)
            .limit(MOST_CONDITIONS)
            .collect(Collectors.joining("; "));
    boolean told = conditions.stream().noneMatch(Condition.Unknown.class::isInstance);
    return told
        ? "the packet meets each condition of " + place + ": " + words
        : "nothing speaks against " + place + ": " + words;
  }

  private @Nullable String counted(Clue clue) {
    Counter first = clue.first();
    Counter last = clue.last();
    boolean rule = clue.suspect().rule() != null;
    if (first == null && last == null) {
      return rule
          ? "the rule has no counter that would prove it"
          : "the policy has no counter that would prove it";
    }
    Long moved = clue.moved();
    if (moved == null) {
      if (first == null || last == null) {
        return null;
      }
      return clue.gaps()
          ? "its counter moved, but the snapshots are of several recordings: perhaps between them"
          : "its counter was set back while recording";
    }
    long from = last == null ? 0 : last.packets() - moved;
    String text = "its counter went from " + from + " to " + (from + moved) + " packets";
    return movedEnough(clue)
        ? text + " while recording"
        : text + ", less than the " + drops + " drops of this kind";
  }
}
