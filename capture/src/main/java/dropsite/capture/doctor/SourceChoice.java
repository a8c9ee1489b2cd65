package dropsite.capture.doctor;

import dropsite.capture.doctor.Check.State;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which ways of recording drops work on a box, by what was found there.
 *
 * @param verdicts best first: {@code bpf}, {@code tracefs}, then the texts that work without us
 */
public record SourceChoice(List<Verdict> verdicts) {

  /**
   * Whether one way works.
   *
   * @param source its name: {@code bpf}, {@code tracefs}, {@code bpftrace} or {@code capture.sh}
   * @param works whether nothing is known that stands in its way
   * @param why one sentence: what it records, or what stands in its way
   */
  public record Verdict(String source, boolean works, String why) {}

  private static final List<Topic> BPF =
      List.of(
          Topic.LOCKDOWN,
          Topic.BPF,
          Topic.BTF,
          Topic.CAPABILITIES,
          Topic.LIBBPF,
          Topic.RING_BUFFER);
  private static final List<Topic> TRACEFS =
      List.of(Topic.LOCKDOWN, Topic.TRACEFS, Topic.INSTANCES, Topic.EVENT);
  private static final List<Topic> PACKETS = List.of(Topic.EVENT_PROBES, Topic.BTF);
  private static final List<Topic> BPFTRACE =
      List.of(
          Topic.LOCKDOWN,
          Topic.BPFTRACE,
          Topic.BPF,
          Topic.BTF,
          Topic.CAPABILITIES,
          Topic.TRACEFS, // the script is made from the event's format
          Topic.EVENT);
  private static final List<Topic> SCRIPT = List.of(Topic.LOCKDOWN, Topic.TRACEFS, Topic.EVENT);

  /** Judges by the checks of a doctor. */
  public static SourceChoice from(List<Check> checks) {
    Map<Topic, Check> byTopic = new EnumMap<>(Topic.class);
    checks.forEach(check -> byTopic.put(check.topic(), check));
    Check tracepoint = byTopic.get(Topic.TRACEPOINT);
    boolean gives = tracepoint != null && tracepoint.state() == State.OK;
    String facts = gives ? "drop reasons, stacks" : "stacks (this kernel gives no drop reasons)";
    Optional<String> noPackets = obstacle(PACKETS, byTopic);
    return new SourceChoice(
        List.of(
            verdict(
                "bpf",
                obstacle(BPF, byTopic),
                "Records " + facts + ", packets, interfaces, namespaces and sockets."),
            verdict(
                "tracefs",
                obstacle(TRACEFS, byTopic),
                noPackets
                    .map(why -> "Records " + facts + ", but no packets: " + why)
                    .orElse("Records " + facts + ", packets, interfaces and namespaces.")),
            verdict(
                "bpftrace",
                obstacle(BPFTRACE, byTopic),
                "The script of dropsite capture --print-bpftrace prints "
                    + facts
                    + " and packets."),
            verdict(
                "capture.sh",
                obstacle(SCRIPT, byTopic),
                "Prints " + facts + " and the snapshot; nothing has to be installed.")));
  }

  private static Verdict verdict(String source, Optional<String> obstacle, String records) {
    return new Verdict(source, obstacle.isEmpty(), obstacle.orElse(records));
  }

  /** Returns the first thing that is missing, as a sentence. */
  private static Optional<String> obstacle(List<Topic> needed, Map<Topic, Check> checks) {
    for (Topic topic : needed) {
      Check check = checks.get(topic);
      if (check != null && absent(check)) {
        return Optional.of(topic.title() + ": " + check.found() + "; " + check.advice() + ".");
      }
    }
    return Optional.empty();
  }

  /** A command that is not installed matters only to who wants to run it, but then it does. */
  private static boolean absent(Check check) {
    return check.state() == State.MISSING
        || (check.topic() == Topic.BPFTRACE && check.state() == State.WARNING);
  }

  /** Returns those of our sources that nothing is known to stand in the way of, best first. */
  public List<String> automatic() {
    return verdicts.stream()
        .filter(Verdict::works)
        .map(Verdict::source)
        .filter(name -> name.equals("bpf") || name.equals("tracefs"))
        .toList();
  }
}
