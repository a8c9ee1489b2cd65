package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attributor;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.Coverage;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.network.FreedPackets;
import dropsite.analyze.network.SilentDrop;
import dropsite.analyze.network.SilentDrops;
import dropsite.analyze.stack.ResolvedStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the drops of one box, and makes findings of them: one for each cause. */
public final class BoxFindings {
  /** Different drops of one group that are looked up one by one in the snapshots. */
  private static final int MOST_LOOKED_UP = 4000;

  private final int index;
  private final Narrowing narrowing;
  private final String name;
  private final List<String> files;
  private final Environments environments;
  private final SourceNames names;
  private final EventTable events;
  private final List<DropKind> kinds = new ArrayList<>();
  private final int firstKind;
  private long leftOut;

  /** Of those, how many were losses, for all that is known. */
  private long lossesLeftOut;

  /** How many packets were freed, by what they have in common; counts of 0 in the keys. */
  private final Map<FreedPackets, Long> freed = new LinkedHashMap<>();

  /** Kinds that differ in their packets share the very same stack. */
  private final IdentityHashMap<ResolvedStack, Integer> stackNumbers = new IdentityHashMap<>();

  BoxFindings(
      int index,
      Narrowing narrowing,
      String name,
      List<String> files,
      KernelImage image,
      boolean fullPath,
      EventTable events,
      int firstKind) {
    this.index = index;
    this.narrowing = narrowing;
    this.name = name;
    this.files = List.copyOf(files);
    this.environments = new Environments(image);
    this.names = SourceNames.of(image, fullPath);
    this.events = events;
    this.firstKind = firstKind;
  }

  /**
   * Begins a kind of drop.
   *
   * @param stack that all of its events have; the very same for kinds that differ in packets
   * @param facts of its first event
   */
  public DropKind kind(
      ResolvedStack stack,
      EventFacts facts,
      Classification classification,
      @Nullable DropReason reason)
      throws IOException {
    Integer known = stackNumbers.putIfAbsent(stack, stackNumbers.size());
    DropKind kind =
        new DropKind(
            firstKind + kinds.size(),
            known == null ? stackNumbers.size() - 1 : known,
            stack,
            facts,
            classification,
            reason);
    environments.add(stack, reason);
    kinds.add(kind);
    return kind;
  }

  /**
   * Adds an event.
   *
   * @param file index of its recording
   */
  public void add(int file, StackEvent event, DropKind kind) {
    kind.add(event.count());
    events.add(index, file, event, kind);
  }

  /** Counts events that nobody asked for. */
  public void leaveOut(long events) {
    leftOut += events;
    lossesLeftOut += events;
  }

  /** Counts an event of a class that nobody asked for, which counters have counted too. */
  public void leaveOut(StackEvent event, Classification classification) {
    leftOut += event.count();
    lossesLeftOut += classification.severity() == Severity.BENIGN ? 0 : event.count();
    freed(classification, event.facts(), event.count());
  }

  long leftOut() {
    return leftOut;
  }

  /**
   * Adds what a recording says about itself.
   *
   * @param source the file as the user named it
   */
  public void add(String source, Coverage coverage) {
    environments.add(source, coverage);
  }

  /** Returns what the recordings lack, as far as they know; a sentence each. */
  public List<String> notRecorded() {
    return environments.notRecorded();
  }

  /** Adds what could not be looked at; a sentence each. */
  void warn(List<String> sentences) {
    environments.warn(sentences);
  }

  int kinds() {
    return kinds.size();
  }

  @Nullable Long lost() {
    return environments.lost();
  }

  /** Returns how long was recorded; null when not known. */
  @Nullable Long recordedNanos() {
    return environments.recordedNanos();
  }

  /** Adds what is wrong with the recordings together, a sentence. */
  public void note(String sentence) {
    environments.note(sentence);
  }

  BoxReport report(Box box) throws IOException {
    SnapshotGaps.of(box).forEach(this::note);
    if (box.hasGaps()) {
      note(
          "the snapshots are of several recordings of one boot: what counters moved between them is"
              + " not known, so counters tell no silent drops and prove no rule");
    }
    return new BoxReport(
        box.label().isEmpty() ? name : box.label(), files, box, environments.environment(), names);
  }

  /** Returns the drops as groups that are one finding each. */
  List<Group> groups(Box box, List<Attributor> attributors) {
    Map<FindingKey, List<DropKind>> sites = new LinkedHashMap<>();
    for (DropKind kind : kinds) {
      sites.computeIfAbsent(key(box, kind), key -> new ArrayList<>()).add(kind);
    }
    List<Group> groups = new ArrayList<>();
    sites.forEach((key, site) -> groups.addAll(byCause(key, site, box, attributors)));
    Map<List<Object>, Long> claims = new HashMap<>();
    groups.forEach(group -> group.claim(claims, lossesLeftOut));
    return groups;
  }

  /**
   * Returns what counters alone saw lost; nothing where not all events were asked for, since
   * counters count them all.
   */
  List<Group> silent(Box box) {
    if (box.parts().isEmpty() || narrowing.asksForMoments()) {
      return List.of();
    }
    for (DropKind kind : kinds) {
      freed(kind.classification(), kind.facts(), kind.count());
    }
    List<FreedPackets> packets = new ArrayList<>();
    freed.forEach((alike, count) ->
        packets.add(
            new FreedPackets(alike.classId(), alike.netns(), alike.interfaceName(), count)));
    List<Group> groups = new ArrayList<>();
    for (SilentDrop drop : SilentDrops.of(box, packets, environments.notHeld(), recordedNanos())) {
      Namespace namespace = box.namespace(drop.netns());
      if (narrowing.admits(drop.classification(), null)
          && narrowing.admitsNamespace(drop.netns(), namespace)) {
        FindingKey key =
            FindingKey.of(
                drop.classification(),
                null,
                namespace == null ? String.valueOf(drop.netns()) : name(namespace),
                List.of(drop.counter(), String.valueOf(drop.interfaceName())));
        groups.add(new Group(index, key, namespace, drop));
      }
    }
    return groups;
  }

  private void freed(Classification classification, EventFacts facts, long count) {
    FreedPackets alike =
        new FreedPackets(
            classification.classId(),
            facts.netns() == null ? 0 : facts.netns(),
            facts.interfaceName(),
            0);
    freed.merge(alike, count, Long::sum);
  }

  private static FindingKey key(Box box, DropKind kind) {
    Namespace namespace = namespace(box, kind);
    String space = "";
    if (kind.classification().severity() != Severity.BENIGN) {
      space = namespace == null ? String.valueOf(kind.facts().netns()) : name(namespace);
    }
    return FindingKey.of(kind.classification(), kind.reason(), space, List.of());
  }

  private static String name(Namespace namespace) {
    String name = namespace.name();
    return name == null ? String.valueOf(namespace.inode()) : name;
  }

  private static @Nullable Namespace namespace(Box box, DropKind kind) {
    return kind.classification().severity() == Severity.BENIGN
        ? null
        : box.namespace(kind.facts().netns());
  }

  /** Splits the drops at one place by what explains them. */
  private List<Group> byCause(
      FindingKey key, List<DropKind> site, Box box, List<Attributor> attributors) {
    Map<List<String>, Group> causes = new LinkedHashMap<>();
    site.sort(Comparator.comparingLong(DropKind::count).reversed());
    boolean drops = site.getFirst().classification().severity() != Severity.BENIGN;
    int lookedUp = drops && !box.parts().isEmpty() ? Math.min(site.size(), MOST_LOOKED_UP) : 0;
    for (DropKind kind : site.subList(0, lookedUp)) {
      List<Attribution> found = attributions(kind, box, attributors);
      List<String> cause = found.isEmpty() ? List.of() : found.getFirst().identity();
      causes
          .computeIfAbsent(
              cause,
              c ->
                  new Group(
                      index,
                      found.isEmpty() ? key : key.because(found.getFirst()),
                      namespace(box, kind),
                      kind))
          .add(kind, found);
    }
    List<DropKind> rest = site.subList(lookedUp, site.size());
    if (!rest.isEmpty()) {
      Group unexplained =
          causes.computeIfAbsent(
              List.of(),
              none -> new Group(index, key, namespace(box, rest.getFirst()), rest.getFirst()));
      rest.forEach(kind -> unexplained.add(kind, List.of()));
      if (lookedUp > 0) {
        unexplained.noteUnseen(rest.size());
      }
    }
    return List.copyOf(causes.values());
  }

  private static List<Attribution> attributions(
      DropKind kind, Box box, List<Attributor> attributors) {
    DropCase drop =
        new DropCase(kind.classification(), kind.reason(), kind.facts(), kind.count(), box);
    return attributors.stream()
        .flatMap(attributor -> attributor.attribute(drop).stream())
        .sorted(Comparator.comparing(Attribution::confidence).reversed())
        .toList();
  }
}
