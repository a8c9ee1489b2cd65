package dropsite.analyze.captures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Classifier;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.Texts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.Kallsyms;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelFactsReader;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.ReasonNames;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Drops recorded on a booted kernel, with what is known to be true of them.
 *
 * @param folder in testdata/captures
 */
record Capture(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Capture of(String kernel) {
    return new Capture(Path.of("..", "testdata", "captures", kernel));
  }

  KernelFacts kernel() throws IOException {
    return KernelFactsReader.read(folder.resolve("kernel.json"));
  }

  /** Returns what the copy of kallsyms alone says of the kernel. */
  KernelFacts kallsyms() throws IOException {
    return KernelFacts.NONE.with(Kallsyms.read(folder.resolve("kallsyms.xz")));
  }

  /** Returns the events of the file of JSON lines, in order. */
  List<StackEvent> events() throws IOException {
    return Texts.events(folder.resolve("events.jsonl"));
  }

  /** Returns each event's scenario and number within it, as {@code scenario/3}, in order. */
  List<String> labels() throws IOException {
    List<String> labels = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("events.jsonl"))) {
      JsonNode event = JSON.readTree(line);
      labels.add(event.get("scenario").asText() + "/" + event.get("index").asInt());
    }
    return labels;
  }

  /** Returns the scenarios that dropped a packet: the class of it, and the labels of its events. */
  List<Scenario> scenarios() throws IOException {
    List<Scenario> scenarios = new ArrayList<>();
    for (JsonNode node : JSON.readTree(folder.resolve("truth.json").toFile())) {
      String name = node.get("scenario").asText();
      Set<String> labels = new HashSet<>();
      node.get("matching_indices").forEach(index -> labels.add(name + "/" + index.asInt()));
      if (!labels.isEmpty()) {
        scenarios.add(new Scenario(name, node.get("class").asText(), labels));
      }
    }
    return scenarios;
  }

  /**
   * Returns for each address in the recording what other tools say: chains at it, and before it.
   */
  Map<Long, KnownChains> chains() throws IOException {
    Map<Long, KnownChains> chains = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("frames.tsv"))) {
      String[] columns = line.split("\t", -1);
      if (!line.startsWith("#")) {
        chains.put(
            Long.parseUnsignedLong(columns[0], 16),
            new KnownChains(columns[1], columns[4].strip(), columns[5].strip()));
      }
    }
    return chains;
  }

  /** Returns how events are classified, in order. */
  static List<Classification> classify(KernelImage image, List<StackEvent> events)
      throws IOException {
    List<Classification> classes = new ArrayList<>();
    StackResolver resolver = new StackResolver(image, false);
    ReasonNames reasons = new ReasonNames(image);
    Classifier classifier = Classifier.shipped();
    for (StackEvent event : events) {
      ResolvedStack stack = resolver.resolve(event);
      DropReason reason = reasons.of(event.facts(), stack.slide());
      classes.add(classifier.classify(stack, reason, image.isVeryKernel(stack.slide())));
    }
    return classes;
  }

  /**
   * What was done to drop a packet, and which events are that packet.
   *
   * @param classId of the drop
   */
  record Scenario(String name, String classId, Set<String> labels) {}

  /**
   * What other tools say of an address.
   *
   * @param image {@code vmlinux}, a module, or {@code bpf}
   */
  record KnownChains(String image, String atCall, String atAddress) {}
}
