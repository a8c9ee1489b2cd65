package dropsite.analyze.network;

import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Puts snapshots together, of texts that tools printed in network namespaces of Linux 6.18. */
final class Parts {
  static final long NETNS = 4026532001L;

  private final List<SnapshotPart> parts = new ArrayList<>();

  /** Adds a part that was the same before and after. */
  Parts same(String name, String text) {
    return before(name, text).after(name, text);
  }

  Parts before(String name, String text) {
    return part(name, Phase.BEFORE, text);
  }

  Parts after(String name, String text) {
    return part(name, Phase.AFTER, text);
  }

  /** Adds a part that could not be had. */
  Parts failed(String name, Phase phase) {
    return part(name, phase, "", "took longer than 5000 ms");
  }

  /** Adds a part that breaks off before and after. */
  Parts cut(String name, String text) {
    String problem = "gave more than 20 bytes";
    return part(name, Phase.BEFORE, text, problem).part(name, Phase.AFTER, text, problem);
  }

  private Parts part(String name, Phase phase, String text) {
    return part(name, phase, text, "");
  }

  private Parts part(String name, Phase phase, String text, String problem) {
    parts.add(
        new SnapshotPart(
            name.startsWith("ethtool") ? "ethtool" : name,
            phase,
            name.equals("softnet_stat") ? 0 : NETNS,
            phase == Phase.AFTER ? 2000 : 1000,
            name.equals("tc-filter") ? "tc -s -j filter show dev r0 ingress" : name,
            text.getBytes(StandardCharsets.UTF_8),
            false,
            problem));
    return this;
  }

  Box box() {
    Namespace root = new Namespace(NETNS, List.of(), true, List.of(), Map.of());
    return new Box("", "", "", "", "", Map.of(NETNS, root), parts);
  }

  static byte[] recorded(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Parts.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }
}
