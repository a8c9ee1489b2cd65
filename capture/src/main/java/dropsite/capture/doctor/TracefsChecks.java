package dropsite.capture.doctor;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What ftrace offers, through the file system with which it is operated. */
final class TracefsChecks {
  private static final String TYPE = "tracefs";
  private static final String EVENT = "events/skb/kfree_skb/format";
  private static final Pattern FIELD = Pattern.compile("field:[^;]*?(\\w+)(?:\\[[^;]*)?;");

  /** How tracefs' README (kernel/trace/trace.c) spells the definition of an event probe. */
  private static final String PROBES = "e[:[<group>/]";

  private static final String PROBES_LEFT_OUT = "# CONFIG_EPROBE_EVENTS is not set";

  private final BoxFiles files;
  private final @Nullable String folder;

  private TracefsChecks(BoxFiles files, @Nullable String folder) {
    this.files = files;
    this.folder = folder;
  }

  static TracefsChecks find(BoxFiles files) {
    // device, folder, type, options, 0, 0 (proc(5)); spaces are spelt \040
    Optional<String> mounted =
        files.lines("proc/self/mounts").stream()
            .map(line -> line.split(" ", -1))
            .filter(words -> words.length > 2 && words[2].equals(TYPE))
            .map(words -> words[1].replace("\\040", " ").replaceFirst("^/+", ""))
            .findFirst();
    return new TracefsChecks(files, mounted.orElse(null));
  }

  private boolean readable() {
    return folder != null && Files.isReadable(files.at(folder + "/events"));
  }

  Check mounted() {
    if (folder == null) {
      return Check.missing(
          Topic.TRACEFS,
          "not mounted",
          "mount -t tracefs nodev /sys/kernel/tracing (fails where the kernel has no ftrace)");
    }
    return readable()
        ? Check.ok(Topic.TRACEFS, "/" + folder)
        : Check.missing(Topic.TRACEFS, "/" + folder + " cannot be read", "run as root");
  }

  Check instances() {
    if (!readable()) {
      return behind(Topic.INSTANCES);
    }
    return Files.isWritable(files.at(folder + "/instances"))
        ? Check.ok(Topic.INSTANCES, "can be made")
        : Check.missing(Topic.INSTANCES, "cannot be made", "run as root");
  }

  Check event() {
    if (!readable()) {
      return behind(Topic.EVENT);
    }
    List<String> fields = fields();
    return fields.isEmpty()
        ? Check.missing(
            Topic.EVENT,
            "no /" + folder + "/" + EVENT,
            "needs a kernel with networking and CONFIG_EVENT_TRACING")
        : Check.ok(Topic.EVENT, "skb:kfree_skb with " + String.join(", ", fields));
  }

  /**
   * @param configuration of the kernel; empty when not known
   */
  Check probes(List<String> configuration) {
    if (!readable()) {
      return behind(Topic.EVENT_PROBES);
    }
    // Kernels that can be built without them (6.18) describe them all the same.
    boolean offered =
        !configuration.contains(PROBES_LEFT_OUT)
            && files.has(folder + "/dynamic_events")
            && files.text(folder + "/README").orElse("").contains(PROBES);
    return offered
        ? Check.ok(Topic.EVENT_PROBES, "can be made")
        : Check.missing(
            Topic.EVENT_PROBES,
            "none (they came with 5.15, and can be left out)",
            "source tracefs records no packets without them");
  }

  private static Check behind(Topic topic) {
    return Check.missing(topic, "not known without tracefs", "");
  }

  /** Returns the event's own fields; empty when it cannot be read. */
  List<String> fields() {
    if (folder == null) {
      return List.of();
    }
    Matcher field = FIELD.matcher(files.text(folder + "/" + EVENT).orElse(""));
    return field
        .results()
        .map(found -> found.group(1))
        .filter(n -> !n.startsWith("common_"))
        .toList();
  }
}
