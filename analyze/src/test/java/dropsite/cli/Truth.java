package dropsite.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What was done in a scenario of the lab, and what is to be told of it: a line of a truth.json that
 * testdata/lab/publish.py wrote.
 *
 * @param classIds that are right, and those below them
 * @param silent whether no buffer was freed, so that only counters tell
 * @param netns inode number of the namespace that it happened in
 * @param events which of the recording's events are its packet, from 0
 * @param named what in the snapshots explains it, any of these; empty when nothing is expected
 * @param innocent what must not be named
 * @param atLeast how far the counter of a silent one moved
 */
record Truth(
    String name,
    String recording,
    List<String> classIds,
    boolean silent,
    long netns,
    List<Integer> events,
    List<Thing> named,
    List<Thing> innocent,
    long atLeast) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern COUNTED =
      Pattern.compile("\\[\\d+:\\d+] ?| packets \\d+ bytes \\d+");

  /**
   * Something that stood on the box.
   *
   * @param kinds that it may be told as; empty for any
   * @param table last word of its name; null for what stands in none
   * @param handle that nft names it by; null for other rules
   * @param texts that must all be told of it
   */
  record Thing(
      List<Kind> kinds,
      @Nullable String table,
      @Nullable String chain,
      @Nullable String handle,
      List<String> texts,
      @Nullable Long moved) {

    /** Returns whether an attribution is about this. */
    boolean isNamedBy(Attribution told) {
      if (!kinds.isEmpty() && !kinds.contains(told.kind())) {
        return false;
      }
      if (chain != null && !chain.equals(told.chain())) {
        return false;
      }
      if (table != null && !lastWord(String.valueOf(told.table())).equals(table)) {
        return false;
      }
      if (handle != null) {
        return handle.equals(lastWord(String.valueOf(told.handle())));
      }
      if (chain != null) {
        return texts.stream().allMatch(text -> squeezed(text).equals(squeezed(told.text())));
      }
      String more = told.text() + " " + told.table() + " " + told.handle() + " " + told.evidence();
      return texts.stream().allMatch(more::contains);
    }

    private static String squeezed(String rule) {
      return COUNTED
          .matcher(rule)
          .replaceAll("")
          .replaceAll("\\s+", " ")
          .replaceFirst("^-A \\S+ ", "")
          .strip();
    }

    private static String lastWord(String name) {
      return name.substring(name.lastIndexOf(' ') + 1);
    }

    private static Thing of(JsonNode node) {
      List<Kind> kinds =
          Stream.of(node.path("kind").asText().split(","))
              .filter(word -> !word.isEmpty())
              .map(word -> Kind.valueOf(word.toUpperCase(Locale.ROOT)))
              .toList();
      List<String> texts = strings(node.path("contains"));
      if (node.has("number")) {
        texts = List.of(node.get("text").asText());
      }
      return new Thing(
          kinds,
          node.has("table") ? lastWord(node.get("table").asText()) : null,
          node.has("chain") ? node.get("chain").asText() : null,
          node.has("handle") ? node.get("handle").asText() : null,
          texts,
          node.path("counts").asBoolean() ? node.get("counterDelta").asLong() : null);
    }
  }

  /**
   * Reads all scenarios of a folder.
   *
   * @param source whose events are meant, such as {@code bpf}
   */
  static List<Truth> read(Path folder, String source) throws IOException {
    List<Truth> all = new ArrayList<>();
    for (JsonNode node : JSON.readTree(folder.resolve("truth.json").toFile()).get("scenarios")) {
      if (!node.get("events").has(source)) {
        continue;
      }
      List<String> classIds = new ArrayList<>(List.of(node.get("class").asText()));
      classIds.addAll(strings(node.get("accept")));
      JsonNode moved = node.path("moved").path(0);
      all.add(
          new Truth(
              node.get("scenario").asText(),
              node.get("recording").asText(),
              classIds,
              node.get("negative").asBoolean(),
              node.get("netns").asLong(),
              stream(node.get("events").get(source)).map(JsonNode::asInt).toList(),
              stream(node.get("attributions")).map(Thing::of).toList(),
              stream(node.get("innocent")).map(Thing::of).toList(),
              moved.path("atLeast").asLong()));
    }
    return all;
  }

  /** Returns whether a class is one of the right ones or below it. */
  boolean isRightClass(String classId) {
    return classIds.stream().anyMatch(id -> classId.equals(id) || classId.startsWith(id + "."));
  }

  private static List<String> strings(JsonNode array) {
    return stream(array).map(JsonNode::asText).toList();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
