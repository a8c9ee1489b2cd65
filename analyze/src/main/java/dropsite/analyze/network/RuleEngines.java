package dropsite.analyze.network;

import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import dropsite.analyze.stack.Layer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which engine of netfilter can have dropped a packet where it was freed: rule data. */
public final class RuleEngines {
  /** The engine of nft, and of iptables and its like over it. */
  public static final String NF_TABLES = "nf_tables";

  /** The engine of the old tables. */
  public static final String X_TABLES = "x_tables";

  private static final Pattern RELEASE = Pattern.compile("(\\d{1,5})\\.(\\d{1,5}).*");

  private final List<Place> places;

  /**
   * Where packets are freed.
   *
   * @param engine whose rules can have dropped them
   * @param alone whether nothing but rules drops there
   * @param since release from which on that is so; empty for all
   */
  private record Place(NamePatterns functions, String engine, boolean alone, String since) {
    static Place of(RuleData data) {
      data.expectOnly(Set.of("functions", "engine", "alone", "since"));
      return new Place(
          new NamePatterns(data.get("functions").texts()),
          data.get("engine").text(),
          data.get("alone").isTrue(),
          data.get("since").optionalText().orElse(""));
    }
  }

  /** Reads the rule data. */
  public RuleEngines() {
    places =
        RuleData.resource(RuleEngines.class, "engines.yaml").get("places").items().stream()
            .map(Place::of)
            .toList();
  }

  /** Returns the engine whose rules can have dropped a packet where it was freed; empty for any. */
  public Optional<String> engine(DropCase drop) {
    return place(drop).map(Place::engine);
  }

  /** Returns whether it was a rule, and nothing else at the same hook. */
  boolean isByRule(DropCase drop) {
    return place(drop).map(Place::alone).orElse(false);
  }

  private Optional<Place> place(DropCase drop) {
    DropPlace place = drop.classification().place();
    Layer layer = place == null ? null : place.layer();
    String function = layer == null ? null : layer.source().canonicalName();
    String release = drop.facts().release();
    return function == null
        ? Optional.empty()
        : places.stream()
            .filter(each -> each.functions().matches(function))
            .filter(each -> each.since().isEmpty() || number(release) >= number(each.since()))
            .findFirst();
  }

  /** Returns a number that grows with releases; that of one that is not known is the least. */
  private static long number(@Nullable String release) {
    Matcher matcher = RELEASE.matcher(release == null ? "" : release);
    return matcher.matches()
        ? (Long.parseLong(matcher.group(1)) << 20) + Long.parseLong(matcher.group(2))
        : 0;
  }
}
