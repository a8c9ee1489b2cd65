package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.Texts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.capture.DropEvent;
import dropsite.capture.redact.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real drops, with and without what tells whose they are. */
final class RedactedDropsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void everyDropIsOfTheSameClassAsBefore() throws IOException {
    Capture capture = Capture.of("6.12");
    List<StackEvent> redacted = redacted(capture);
    try (KernelImage image = RecordedDropsTest.shipped(capture)) {
      assertThat(Capture.classify(image, redacted))
          .extracting(Classification::classId)
          .isEqualTo(
              Capture.classify(image, capture.events()).stream()
                  .map(Classification::classId)
                  .toList());
    }
  }

  @Test
  void everyPacketKeepsWhatRulesAskOfIt() throws IOException {
    for (String kernel : List.of("6.1", "6.12")) {
      Capture capture = Capture.of(kernel);
      List<String> before = capture.events().stream().map(RedactedDropsTest::asked).toList();
      assertThat(redacted(capture)).extracting(RedactedDropsTest::asked).isEqualTo(before);
    }
  }

  private static String asked(StackEvent event) {
    PacketSummary packet = event.facts().packet();
    return packet == null
        ? "none"
        : String.join(
            " ",
            packet.protocol(),
            String.valueOf(packet.sourcePort()),
            String.valueOf(packet.destinationPort()),
            String.valueOf(packet.multicast()),
            String.valueOf(packet.source() == null));
  }

  /** Returns the events of a recording after their packets were redacted. */
  private List<StackEvent> redacted(Capture capture) throws IOException {
    Redactor redactor = Redactor.withRandomKey("");
    List<String> lines = new ArrayList<>();
    int changed = 0;
    for (String line : Files.readAllLines(capture.folder().resolve("events.jsonl"))) {
      ObjectNode event = (ObjectNode) JSON.readTree(line);
      changed += redact(event, redactor) ? 1 : 0;
      lines.add(event.toString());
    }
    assertThat(changed).as("packets with other addresses").isGreaterThan(lines.size() / 2);
    return Texts.events(Files.write(folder.resolve("events.jsonl"), lines));
  }

  /**
   * Puts the redacted packet in place of the recorded one; returns whether its addresses differ.
   */
  private static boolean redact(ObjectNode event, Redactor redactor) {
    byte[] bytes = HexFormat.of().parseHex(event.get("packet").asText());
    int start = event.get("network").asInt() - event.get("packet_offset").asInt();
    if (start < 0 || start > bytes.length) {
      return false;
    }
    byte[] before = Arrays.copyOfRange(bytes, start, bytes.length);
    DropEvent.Packet packet =
        new DropEvent.Packet(
            event.get("protocol").asInt(), 0, 0, 0, -1, new byte[0], before, before.length);
    byte[] after =
        redactor
            .redact(
                new DropEvent(
                    0,
                    0,
                    false,
                    0,
                    0,
                    0,
                    new long[0],
                    false,
                    DropEvent.Task.UNKNOWN,
                    DropEvent.Device.UNKNOWN,
                    DropEvent.Socket.NONE,
                    packet))
            .packet()
            .bytes();
    event.put("packet", HexFormat.of().formatHex(after));
    event.put("packet_offset", event.get("network").asInt());
    return after.length >= 20 && !Arrays.equals(after, 0, 20, before, 0, 20);
  }
}
