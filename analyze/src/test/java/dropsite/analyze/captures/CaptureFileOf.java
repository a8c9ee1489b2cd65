package dropsite.analyze.captures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.capture.DropEvent;
import dropsite.capture.DropEvent.Device;
import dropsite.capture.DropEvent.Packet;
import dropsite.capture.DropEvent.Socket;
import dropsite.capture.DropEvent.Task;
import dropsite.capture.Losses;
import dropsite.capture.file.CaptureFiles;
import dropsite.capture.file.CaptureStart;
import dropsite.capture.file.CaptureWriter;
import dropsite.capture.file.Compression;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostKernel.ClockReading;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.ReasonEnum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes recorded JSON events as the capture file that would have been made of the same drops. */
public final class CaptureFileOf {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ETHERNET = 1;

  private CaptureFileOf() {}

  /** Writes the recording of a folder of JSON events and kernel.json. */
  public static void write(Path folder, Path file, Compression compression, Losses losses)
      throws IOException {
    try (CaptureWriter writer =
        new CaptureWriter(CaptureFiles.one(file, true, compression), start(folder))) {
      for (String line : Files.readAllLines(folder.resolve("events.jsonl"))) {
        writer.event(event(JSON.readTree(line)));
      }
      writer.note("the lab recorded no rules");
      writer.losses(losses);
      writer.end(0, 0);
    }
  }

  static CaptureStart start(Path folder) throws IOException {
    JsonNode kernel = JSON.readTree(folder.resolve("kernel.json").toFile());
    Map<String, Long> symbols = new HashMap<>();
    kernel
        .get("symbols")
        .properties()
        .forEach(symbol -> symbols.put(symbol.getKey(), address(symbol.getValue())));
    List<HostModule> modules = new ArrayList<>();
    for (JsonNode module : kernel.get("modules")) {
      modules.add(
          new HostModule(
              module.get("name").asText(),
              address(module.get("base")),
              module.get("size").asLong(),
              module.path("build_id").asText(""),
              Map.of()));
    }
    Map<Integer, String> reasons = new HashMap<>();
    kernel
        .get("reasons")
        .properties()
        .forEach(reason ->
            reasons.put(Integer.parseUnsignedInt(reason.getKey()), reason.getValue().asText()));
    return new CaptureStart(
        "dropsite test",
        new HostKernel(
            kernel.get("release").asText(),
            kernel.get("version").asText(),
            "x86_64",
            kernel.get("build_id").asText(),
            new byte[0],
            symbols,
            "orc",
            "boot of " + folder,
            "lab",
            "",
            // Both clocks began together, so that times are those of the events in JSON.
            List.of(new ClockReading(0, 0, 0))),
        modules,
        List.of(new ReasonEnum("vmlinux", "skb_drop_reason", reasons)));
  }

  private static DropEvent event(JsonNode node) {
    List<Long> stack = new ArrayList<>();
    node.get("stack").forEach(address -> stack.add(address(address)));
    long netns = node.path("netns_sk").asLong();
    return new DropEvent(
        node.get("time_ns").asLong(),
        node.get("cpu").asInt(),
        false,
        address(node.get("skb")),
        address(node.get("location")),
        node.get("reason").asInt(),
        stack.stream().mapToLong(Long::longValue).toArray(),
        false,
        new Task(
            node.get("pid").asInt(),
            node.get("tid").asInt(),
            new String(
                node.get("comm").asText().getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1),
            0,
            false),
        new Device(
            node.path("ifindex").asInt(),
            node.path("ifname").asText(),
            ETHERNET,
            netns == 0 ? node.path("netns_dev").asLong() : netns,
            0),
        Socket.NONE,
        packet(node));
  }

  private static Packet packet(JsonNode node) {
    byte[] bytes = HexFormat.of().parseHex(node.path("packet").asText());
    int network = node.path("network").asInt() - node.path("packet_offset").asInt();
    byte[] fromNetwork =
        network < 0 || network > bytes.length
            ? new byte[0]
            : Arrays.copyOfRange(bytes, network, bytes.length);
    return new Packet(
        node.path("protocol").asInt(),
        node.path("pkt_type").asInt(),
        node.path("len").asLong(),
        0,
        -1,
        new byte[0],
        fromNetwork,
        fromNetwork.length);
  }

  private static long address(JsonNode node) {
    String text = node.asText();
    return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, 16);
  }
}
