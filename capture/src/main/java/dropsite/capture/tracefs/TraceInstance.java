package dropsite.capture.tracefs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private set of buffers and events under {@code instances/}, and the event probes made for it;
 * tracing by others is left alone. Named after this process, so that what is left of one that was
 * killed can be told from what is in use.
 */
final class TraceInstance implements AutoCloseable {
  private static final String PREFIX = "dropsite";
  private static final Pattern INSTANCE = Pattern.compile(PREFIX + "-(\\d{1,9})");
  private static final Pattern PROBE = Pattern.compile("e:(" + PREFIX + "_(\\d{1,9})/\\w+) ");

  private static final Pattern CPU = Pattern.compile("cpu(\\d{1,5})");

  private final Tracefs tracefs;
  private final String folder;
  private final String group;
  private final List<String> enabled = new ArrayList<>();
  private final List<String> probes = new ArrayList<>();
  private final Guardian guardian;
  private boolean closed;

  private TraceInstance(Tracefs tracefs, long pid) {
    this.tracefs = tracefs;
    this.folder = "instances/" + PREFIX + "-" + pid;
    this.group = PREFIX + "_" + pid;
    this.guardian = Guardian.of(tracefs, folder, group);
  }

  /** Makes one, after taking away those of processes that are gone. */
  static TraceInstance create(Tracefs tracefs, long pid) throws IOException {
    removeLeftovers(tracefs, pid);
    TraceInstance instance = new TraceInstance(tracefs, pid);
    try {
      Files.createDirectory(tracefs.path(instance.folder));
    } catch (IOException e) {
      instance.guardian.close();
      throw e;
    }
    return instance;
  }

  private static void removeLeftovers(Tracefs tracefs, long ourPid) throws IOException {
    try (DirectoryStream<Path> instances = Files.newDirectoryStream(tracefs.path("instances"))) {
      for (Path each : instances) {
        Matcher name = INSTANCE.matcher(each.getFileName().toString());
        if (name.matches() && isGone(name.group(1), ourPid)) {
          removeUnlessBusy(() -> Files.delete(each));
        }
      }
    }
    if (!tracefs.has("dynamic_events")) {
      return;
    }
    for (String line : tracefs.read("dynamic_events").split("\n", -1)) {
      Matcher probe = PROBE.matcher(line);
      if (probe.lookingAt() && isGone(probe.group(2), ourPid)) {
        removeUnlessBusy(() -> tracefs.write("dynamic_events", "-:" + probe.group(1)));
      }
    }
  }

  /** What takes something away. */
  private interface Removal {
    void run() throws IOException;
  }

  private static void removeUnlessBusy(Removal removal) {
    try {
      removal.run();
    } catch (IOException e) {
      return; // in use by a process that our /proc does not show: a container's
    }
  }

  /** Returns whether no other process has that number: ours is new, whatever bears its number. */
  private static boolean isGone(String pid, long ourPid) {
    return Long.parseLong(pid) == ourPid || !Files.exists(Path.of("/proc", pid));
  }

  /** Returns the path of one of its files, for messages and for opening. */
  Path path(String name) {
    return tracefs.path(folder + "/" + name);
  }

  boolean has(String name) {
    return tracefs.has(folder + "/" + name);
  }

  String read(String name) throws IOException {
    return tracefs.read(folder + "/" + name);
  }

  /** Returns the CPUs that have a buffer. */
  List<Integer> cpus() throws IOException {
    List<Integer> cpus = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(path("per_cpu"))) {
      for (Path each : folders) {
        Matcher name = CPU.matcher(each.getFileName().toString());
        if (name.matches()) {
          cpus.add(Integer.valueOf(name.group(1)));
        }
      }
    }
    return cpus;
  }

  void set(String name, String value) throws IOException {
    tracefs.write(folder + "/" + name, value);
  }

  /**
   * Returns the name for an event probe: group and event.
   *
   * @param event such as {@code consume_skb}
   */
  String probeName(String event) {
    return group + "/" + event;
  }

  /** Makes an event probe. */
  void define(String definition, String name) throws IOException {
    tracefs.write("dynamic_events", definition);
    probes.add(name);
  }

  /**
   * Lets an event be recorded.
   *
   * @param event folder below {@code events/}
   */
  void enable(String event) throws IOException {
    set("events/" + event + "/enable", "1");
    enabled.add(event);
  }

  /** Lets nothing more be recorded; what has been can still be read. */
  void stop() throws IOException {
    while (!enabled.isEmpty()) {
      set("events/" + enabled.getLast() + "/enable", "0");
      enabled.removeLast();
    }
  }

  /** Takes it away with all it made. None of its files may be open any more. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stop();
    } finally {
      try {
        Files.deleteIfExists(tracefs.path(folder));
      } finally {
        for (String probe : probes) {
          tracefs.write("dynamic_events", "-:" + probe);
        }
        guardian.close();
      }
    }
  }
}
