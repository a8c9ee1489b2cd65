package dropsite.analyze.session;

import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Classifier;
import dropsite.analyze.classify.StackClassifier;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.ReasonNames;
import dropsite.analyze.report.BoxFindings;
import dropsite.analyze.report.DropKind;
import dropsite.analyze.report.Narrowing;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.capture.DropEvent;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the recordings of one boot of a box into a report: each event is resolved, classified and
 * filed; what is the same is done once.
 */
public final class Analysis {
  /** Kinds of drops beyond these are told apart without their packets. */
  private static final int MOST_KINDS = 1 << 16;

  private static final int MOST_JUDGES = 1 << 12;

  private final KernelImage image;
  private final Classifier classifier;
  private final Narrowing narrowing;
  private final Redaction redaction;
  private final BoxFindings findings;
  private final StackResolver resolver;
  private final StackNumbers stacks;
  private final ReasonNames reasons;
  private final Map<KindKey, Kind> kinds = new HashMap<>();
  private final Map<KindKey, Judge> judges = new HashMap<>();
  private int file;
  private Box box = Box.UNKNOWN;

  /** The first and the last event of each recording, by which it is known when it is met again. */
  private final Map<Moment, String> bounds = new HashMap<>();

  private final Set<List<String>> twice = new HashSet<>();

  /** What no two events of a boot share. */
  private record Moment(long bootNanos, int cpu, long skb, long location) {
    boolean same(@Nullable Moment other) {
      return other != null && bootNanos == other.bootNanos && equals(other);
    }

    static @Nullable Moment of(@Nullable DropEvent event) {
      return event == null || event.bootNanos() == 0 || event.skb() == 0
          ? null
          : new Moment(event.bootNanos(), event.cpu(), event.skb(), event.location());
    }
  }

  /** What stack and reason decide together, whatever the packet. */
  private record Judge(StackClassifier classifier, @Nullable DropReason reason) {}

  /** What has been found of a kind of drop; null when it is not told of. */
  private record Kind(@Nullable DropKind told, Classification classification) {}

  /**
   * @param image of the box's kernel
   * @param exact whether addresses are looked up as they are
   * @param narrowing what of this box is told
   * @param redaction of what is told; what is to be told is chosen by the names before it
   * @param findings that it adds to
   */
  public Analysis(
      KernelImage image,
      boolean exact,
      Classifier classifier,
      Narrowing narrowing,
      Redaction redaction,
      BoxFindings findings) {
    this.image = image;
    this.classifier = classifier;
    this.narrowing = narrowing;
    this.redaction = redaction;
    this.findings = findings;
    this.resolver = new StackResolver(image, exact);
    this.stacks = new StackNumbers(resolver);
    this.reasons = new ReasonNames(image);
  }

  /**
   * Reads a recording to its end.
   *
   * @param source the file as the user named it
   */
  public void read(String source, EventReader events) throws IOException {
    Long start = null;
    Moment first = null;
    Moment last = null;
    for (StackEvent event = events.next(); event != null; event = events.next()) {
      EventFacts facts = event.facts();
      start = start == null ? facts.timeNanos() : start;
      Moment moment = Moment.of(facts.drop());
      if (moment != null) {
        String known = moment.same(last) ? source : bounds.get(moment);
        if (known != null) {
          heldTwice(source, known);
        }
        first = first == null ? moment : first;
        last = moment;
      }
      if (!narrowing.admitsMoment(facts, start)) {
        findings.leaveOut(event.count());
        continue;
      }
      StackEvent told = redaction.of(event);
      Kind kind = kind(told, events);
      if (kind.told() == null) {
        findings.leaveOut(told, kind.classification());
      } else {
        findings.add(file, told, kind.told());
      }
    }
    if (first != null && last != null) {
      bounds.put(first, source);
      bounds.put(last, source);
    }
    findings.add(redaction.file(source), redaction.of(events.coverage()));
    box = box.and(redaction.of(events.box()));
    file++;
  }

  private void heldTwice(String source, String other) {
    if (twice.add(List.of(source, other))) {
      findings.note(
          (source.equals(other)
                  ? redaction.file(source) + " holds events twice"
                  : redaction.file(source)
                      + " and "
                      + redaction.file(other)
                      + " hold the same recording, or parts of it")
              + ": such events are counted twice");
    }
  }

  /** Returns what the recordings say of the box. */
  public Box box() {
    return box;
  }

  /** Returns how many places files of debugging information were asked about so far. */
  public long asked() {
    return resolver.asked();
  }

  private Kind kind(StackEvent event, EventReader events) throws IOException {
    StackNumbers.Known known = stacks.of(event);
    KindKey key = KindKey.of(known.number(), event.facts());
    Kind kind = kinds.get(key);
    if (kind == null && kinds.size() >= MOST_KINDS) {
      key = key.withoutPacket();
      kind = kinds.get(key);
    }
    if (kind == null) {
      kind = classify(event, known, events.box());
      kinds.put(key, kind);
    }
    return kind;
  }

  private Kind classify(StackEvent event, StackNumbers.Known known, Box named) throws IOException {
    EventFacts facts = event.facts();
    KindKey key = KindKey.of(known.number(), facts).ofStackAndReason();
    Judge judge = judges.get(key);
    if (judge == null) {
      if (judges.size() == MOST_JUDGES) {
        judges.clear();
      }
      ResolvedStack stack = known.stack().of(event);
      DropReason reason = reasons.of(facts, stack.slide());
      judge = new Judge(classifier.of(stack, reason, image.isVeryKernel(stack.slide())), reason);
      judges.put(key, judge);
    }
    Classification classification = judge.classifier.classify(facts);
    DropKind told =
        narrowing.admits(classification, judge.reason)
                && narrowing.admitsNamespace(facts.netns(), named.namespace(facts.netns()))
            ? findings.kind(known.stack(), facts, classification, judge.reason)
            : null;
    return new Kind(told, classification);
  }
}
