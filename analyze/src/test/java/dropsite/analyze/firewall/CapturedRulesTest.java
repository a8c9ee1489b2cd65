package dropsite.analyze.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.BoxRecords;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.input.PacketHeaders;
import dropsite.capture.DropEvent;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.text.IpText;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drops of the lab under rules that stood before and after (testdata/lab/guest/guest.sh): which
 * rule dropped each of them is known from what was sent where.
 */
final class CapturedRulesTest {
  private static final String OUTPUT = "-A OUTPUT -p udp -m udp --dport 1 -j DROP";
  private static final String INPUT6 = "-A INPUT -p udp -m udp --dport 1 -j DROP";

  /**
   * What was sent, where it was dropped, and by what.
   *
   * @param sure whether the packet shows all that the rule asks for
   */
  private record Truth(
      String netns,
      String hook,
      int protocol,
      String destination,
      String rule,
      long moved,
      boolean sure) {}

  private static final List<Truth> TRUTH =
      List.of(
          new Truth("a", "ip.output", 17, "10.2.0.2", OUTPUT, 2, true),
          new Truth("a", "ip.output", 17, "10.1.0.1", OUTPUT, 2, true),
          new Truth("r", "ip.output", 17, "10.2.0.2", OUTPUT, 3, true),
          new Truth("b", "ip6.input", 17, "fd02::2", INPUT6, 1, true),
          new Truth("r", "ip.input", 6, "10.1.0.1", "ct state invalid counter drop", 1, false),
          new Truth("r", "ip.input", 17, "10.1.0.1", "udp dport 1 counter drop", 1, true));

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void eachDropIsOfTheRuleThatDroppedIt(String kernel) throws IOException {
    Path file = Path.of("..", "testdata", "captures", "lab-" + kernel, "rules.drops.pcapng.gz");
    BoxRecords records = new BoxRecords();
    List<DropEvent> events = new ArrayList<>();
    try (InputStream input = Files.newInputStream(file);
        CaptureReader reader = CaptureReader.open(file.toString(), input)) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        records.meet(record);
        if (record instanceof CaptureRecord.Drop drop) {
          events.add(drop.event());
        }
      }
    }
    Box box = records.box();
    Firewall firewall = new Firewall();
    List<Truth> met = new ArrayList<>();
    for (DropEvent event : events) {
      Truth truth = truth(box, event);
      if (truth != null) {
        met.add(truth);
        check(truth, attributions(firewall, box, truth.hook(), event));
      }
    }
    assertThat(met).hasSize(8).containsAll(TRUTH);
  }

  private static List<Attribution> attributions(
      Firewall firewall, Box box, String hook, DropEvent event) {
    return firewall.attribute(
        Snapshots.drop(
            box,
            event.device().netns(),
            "netfilter." + hook,
            event.device().name(),
            event.packet(),
            1));
  }

  private static @Nullable Truth truth(Box box, DropEvent event) {
    PacketHeaders packet = PacketHeaders.of(event.packet());
    Namespace netns = box.namespace(event.device().netns());
    InetAddress destination = packet.destination();
    if (packet.destinationPort() != 1 || netns == null || destination == null) {
      return null;
    }
    for (Truth truth : TRUTH) {
      if (truth.netns().equals(netns.name())
          && truth.protocol() == packet.protocol()
          && truth.destination().equals(IpText.of(destination))) {
        return truth;
      }
    }
    return null;
  }

  private static void check(Truth truth, List<Attribution> found) {
    assertThat(found).as(truth.toString()).isNotEmpty();
    Attribution first = found.getFirst();
    assertThat(first.text()).isEqualTo(truth.rule());
    assertThat(first.counterDelta()).as(first.toString()).isEqualTo(truth.moved());
    assertThat(first.confidence())
        .as(first.toString())
        .isEqualTo(truth.sure() ? Confidence.HIGH : Confidence.MEDIUM);
    assertThat(found).as("innocent rules nearby").hasSize(1);
  }
}
