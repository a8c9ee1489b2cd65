package dropsite.analyze.session;

import dropsite.analyze.box.Box;
import dropsite.analyze.box.BoxRecords;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.input.Coverage;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.input.StackEvent;
import dropsite.capture.DropEvent;
import dropsite.capture.redact.Redactor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of recordings, while they are read, what tells whose they are, as {@code dropsite
 * capture --redact} does: whatever is made of them knows nothing else. Everything read with the
 * same object is changed alike.
 */
public final class Redaction {
  /** Changes nothing. */
  public static final Redaction NONE = new Redaction(null);

  private final @Nullable Redactor redactor;
  private final Map<String, String> files = new HashMap<>();

  private Redaction(@Nullable Redactor redactor) {
    this.redactor = redactor;
  }

  /**
   * Makes a key.
   *
   * @param hostNames of all boxes, which are replaced wherever they stand
   */
  public static Redaction withRandomKey(Collection<String> hostNames) {
    return new Redaction(Redactor.withRandomKey(hostNames));
  }

  /** Returns what changes the records of a capture file in the same way; null for nothing. */
  public @Nullable Redactor redactor() {
    return redactor;
  }

  /** Returns what a recording is called, whose name may tell of its box. */
  public String file(String name) {
    return redactor == null
        ? name
        : files.computeIfAbsent(name, _ -> "recording " + (files.size() + 1));
  }

  /** Returns what a box is called. */
  public String host(String name) {
    return redactor == null || name.isEmpty() ? name : redactor.host(name);
  }

  Coverage of(Coverage coverage) {
    return redactor == null
        ? coverage
        : new Coverage(
            coverage.lost(),
            coverage.filtered(),
            coverage.extents(),
            coverage.notes().stream().map(redactor::text).toList(),
            coverage.missing().stream().map(redactor::text).toList(),
            coverage.recordedNanos(),
            coverage.cut());
  }

  StackEvent of(StackEvent event) {
    if (redactor == null) {
      return event;
    }
    // The line before a stack may say anything of its packet.
    return new StackEvent(
        file(event.source()),
        event.line(),
        "",
        of(redactor, event.facts()),
        event.frames(),
        event.count(),
        event.kind());
  }

  private static EventFacts of(Redactor redactor, EventFacts facts) {
    DropEvent drop = facts.drop() == null ? null : redactor.redact(facts.drop());
    String comm = facts.comm();
    String device = facts.interfaceName();
    if (comm != null) {
      comm = drop == null ? redactor.task(comm) : BoxRecords.text(drop.task().comm());
    }
    if (device != null) {
      device = drop == null ? redactor.device(device) : BoxRecords.text(drop.device().name());
    }
    return new EventFacts(
        facts.timeNanos(),
        comm,
        facts.pid(),
        device,
        facts.netns(),
        facts.reasonNumber(),
        facts.reasonName(),
        facts.claimedReason(),
        facts.location(),
        facts.packet() == null ? null : of(redactor, facts.packet()),
        facts.release(),
        drop);
  }

  private static PacketSummary of(Redactor redactor, PacketSummary packet) {
    return new PacketSummary(
        packet.protocol(),
        packet.source() == null ? null : redactor.text(packet.source()),
        packet.destination() == null ? null : redactor.text(packet.destination()),
        packet.sourcePort(),
        packet.destinationPort(),
        packet.multicast());
  }

  Box of(Box box) {
    if (redactor == null) {
      return box;
    }
    Map<Long, Namespace> namespaces = new HashMap<>();
    box.namespaces().forEach((inode, space) -> namespaces.put(inode, of(redactor, space)));
    return new Box(
        host(box.hostName()),
        box.bootId(),
        box.version(),
        box.machine(),
        "",
        namespaces,
        box.parts().stream().map(redactor::redact).toList());
  }

  private static Namespace of(Redactor redactor, Namespace space) {
    Map<Integer, String> interfaces = new HashMap<>();
    space.interfaces().forEach((ifindex, name) -> interfaces.put(ifindex, redactor.device(name)));
    return new Namespace(
        space.inode(),
        space.names().stream().map(redactor::name).toList(),
        space.root(),
        space.pids(),
        interfaces);
  }
}
