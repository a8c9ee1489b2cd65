package dropsite.analyze.firewall;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.Standing;
import dropsite.capture.DropEvent;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A box of one namespace whose rules were recorded, and drops in it. */
final class Snapshots {
  static final long NETNS = 4026531840L;

  private final List<SnapshotPart> parts = new ArrayList<>();

  static String text(String name) throws IOException {
    return Files.readString(Path.of("..", "testdata", "firewall", name));
  }

  Snapshots before(String name, String text) {
    return add(name, Phase.BEFORE, text);
  }

  Snapshots after(String name, String text) {
    return add(name, Phase.AFTER, text);
  }

  /** The same before and after. */
  Snapshots always(String name, String text) {
    return before(name, text).after(name, text);
  }

  Snapshots add(String name, Phase phase, String text) {
    return add(name, phase, text, false, "");
  }

  /** A part that could not be had. */
  Snapshots failed(String name, Phase phase) {
    return add(name, phase, "", false, "took longer than 5000 ms");
  }

  /** A part of which there was more. */
  Snapshots cut(String name, Phase phase, String text) {
    return add(name, phase, text, true, "");
  }

  private Snapshots add(String name, Phase phase, String text, boolean cut, String problem) {
    String program = name.equals("nft") ? "/usr/bin/nft -j" : "/usr/sbin/" + name + "-save -c";
    parts.add(
        new SnapshotPart(
            name,
            phase,
            NETNS,
            parts.size(),
            program,
            text.getBytes(StandardCharsets.UTF_8),
            cut,
            problem));
    return this;
  }

  Box box() {
    return new Box("", "", "", "", "", Map.of(), parts);
  }

  List<Attribution> of(String hook, String device, DropEvent.Packet packet) {
    return of(new Firewall(), hook, device, packet, 1);
  }

  List<Attribution> of(
      Firewall firewall, String hook, String device, DropEvent.Packet packet, long count) {
    return firewall.attribute(drop(box(), NETNS, "netfilter." + hook, device, packet, count));
  }

  /** The same drop, freed in a function of a kernel. */
  static DropCase freedIn(String function, @Nullable String release, DropCase drop) {
    Layer layer = new Layer(new SourceFrame(null, function, null, 0, 0, 0, false), List.of());
    ResolvedFrame frame =
        new ResolvedFrame(
            StackFrame.ofAddress(1),
            null,
            function,
            0,
            0,
            null,
            true,
            Standing.CALL,
            null,
            List.of(layer),
            List.of(),
            false,
            null);
    Classification known = drop.classification();
    EventFacts facts = drop.facts();
    return new DropCase(
        new Classification(
            known.classId(),
            known.severity(),
            known.confidence(),
            "",
            "",
            new DropPlace(layer, frame, null),
            List.of(),
            List.of()),
        null,
        new EventFacts(
            0L,
            null,
            null,
            facts.interfaceName(),
            facts.netns(),
            null,
            null,
            null,
            null,
            null,
            release,
            facts.drop()),
        drop.count(),
        drop.box());
  }

  static DropCase drop(
      Box box, long netns, String classId, String device, DropEvent.Packet packet, long count) {
    DropEvent event =
        new DropEvent(
            0,
            0,
            false,
            1,
            0,
            DropEvent.NO_REASON,
            new long[0],
            false,
            DropEvent.Task.UNKNOWN,
            new DropEvent.Device(1, device, 1, netns, 0),
            DropEvent.Socket.NONE,
            packet);
    EventFacts facts =
        new EventFacts(0L, null, null, device, netns, null, null, null, null, null, null, event);
    return new DropCase(
        new Classification(
            classId, Severity.DROP, Confidence.HIGH, "", "", null, List.of(), List.of()),
        null,
        facts,
        count,
        box);
  }
}
