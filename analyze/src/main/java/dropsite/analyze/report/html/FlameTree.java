package dropsite.analyze.report.html;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.report.CountedStack;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.report.Wording;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.text.SafeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Stacks laid on top of each other, outermost calls at the bottom, as d3-flame-graph reads them.
 */
final class FlameTree {
  private static final int MOST_NODES = 3000;
  private static final int MOST_DEPTH = 150;
  private static final int LONGEST_NAME = 100;

  private final Node root;
  private int nodes;

  /** One function where it was called from. */
  private static final class Node {
    final String name;
    final String folder;
    final Map<String, Node> calls = new LinkedHashMap<>();
    final TreeSet<Integer> findings = new TreeSet<>();
    long count;

    Node(String name, String folder) {
      this.name = name;
      this.folder = folder;
    }
  }

  /** Begins with no stacks. */
  FlameTree(String name) {
    this.root = new Node(name, "");
  }

  /** Returns whether there is no stack. */
  boolean isEmpty() {
    return root.calls.isEmpty();
  }

  /**
   * Adds a stack of a finding, which is named by its index.
   *
   * @param place where the packet was dropped: what it called to free it is left out
   */
  void add(CountedStack counted, @Nullable Layer place, SourceNames names, int finding) {
    root.count += counted.count();
    Node last = root;
    Node node = root;
    int depth = 0;
    for (Call call : calls(counted, place, names)) {
      node = depth++ == MOST_DEPTH ? null : called(last, call, counted.count());
      if (node == null) {
        break;
      }
      last = node;
    }
    last.findings.add(finding);
  }

  /** A function that was called, and the folder of its source; empty when not known. */
  private record Call(String function, String folder) {}

  /** Returns the calls of a stack, outermost first, to the place of the drop. */
  private static List<Call> calls(CountedStack counted, @Nullable Layer place, SourceNames names) {
    List<Call> calls = new ArrayList<>();
    int end = 0;
    for (ResolvedFrame frame : counted.stack().calls().reversed()) {
      if (frame.layers().isEmpty()) {
        calls.add(new Call(Wording.frame(frame), ""));
      }
      for (Layer layer : frame.layers().reversed()) {
        String path = names.path(layer.source());
        calls.add(new Call(SourceNames.function(layer.source()), path == null ? "" : folder(path)));
        if (place != null && layer.source().equals(place.source())) {
          end = calls.size();
        }
      }
    }
    return end == 0 ? calls : calls.subList(0, end);
  }

  /** Returns the node of a call, counted; null when there is no room for it. */
  private @Nullable Node called(Node by, Call call, long count) {
    Node known = by.calls.get(call.function);
    if (known == null) {
      if (nodes == MOST_NODES) {
        return null;
      }
      nodes++;
      String name = SafeText.of(call.function);
      known =
          new Node(
              name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name,
              call.folder);
      by.calls.put(call.function, known);
    }
    known.count += count;
    return known;
  }

  /** Returns the first folders of a path, which tell the part of the kernel. */
  private static String folder(String path) {
    List<String> steps = List.of(path.split("/", -1));
    int end = Math.min(2, steps.size() - 1);
    return path.startsWith("/") ? "" : String.join("/", steps.subList(0, end));
  }

  /** Writes the stacks as one tree. */
  void write(JsonGenerator json) throws IOException {
    write(json, root);
  }

  private static void write(JsonGenerator json, Node node) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", node.name);
    json.writeNumberField("value", node.count);
    if (!node.folder.isEmpty()) {
      json.writeStringField("folder", node.folder);
    }
    json.writeArrayFieldStart("findings");
    for (int finding : node.findings) {
      json.writeNumber(finding);
    }
    json.writeEndArray();
    if (!node.calls.isEmpty()) {
      json.writeArrayFieldStart("children");
      for (Node call : node.calls.values()) {
        write(json, call);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
