package dropsite.capture.cli;

import dropsite.capture.DropFilter;
import dropsite.capture.ProbeOptions;
import dropsite.capture.SourceUnavailableException;
import dropsite.capture.file.CaptureFiles;
import dropsite.capture.file.CaptureFiles.Rotation;
import dropsite.capture.file.Compression;
import dropsite.capture.filter.FilterException;
import dropsite.capture.filter.FilterParser;
import dropsite.capture.filter.FilterTexts;
import dropsite.capture.host.HostFacts;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.Snapshot;
import dropsite.capture.host.SnapshotOptions;
import dropsite.capture.script.BpftraceScript;
import dropsite.capture.session.Limits;
import dropsite.capture.session.Probes;
import dropsite.capture.session.Progress;
import dropsite.capture.session.Recording;
import dropsite.command.Argument;
import dropsite.command.Command;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.Quantity;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import dropsite.command.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Records the drops of the running kernel. */
final class CaptureCommand implements Command {
  private static final int DEFAULT_SNAP_BYTES = 256;
  private static final int DEFAULT_RATE = 10_000;
  private static final long DEFAULT_BUFFER_BYTES = 8 << 20;
  private static final long LEAST_BUFFER_BYTES = 64 << 10;
  private static final long MOST_BUFFER_BYTES = 1L << 30;
  private static final String AUTOMATIC = "auto";

  private static final List<Path> TRACEFS_PLACES =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Streams streams;
  private final CaptureArguments given = new CaptureArguments();

  CaptureCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return given.syntax;
  }

  @Override
  public int run() throws IOException {
    HostFacts host = HostFacts.ofThisBox();
    if (given.printBpftrace.given()) {
      streams.out().text(BpftraceScript.forTracepoint(tracepointFormat()).text());
      return ExitCode.OK;
    }
    String file = given.output.textOr(defaultName(host));
    Recording.Plan plan =
        new Recording.Plan(
            Version.line(),
            files(file),
            sources(),
            probe(host),
            limits(),
            leftOut(),
            given.kallsyms.given(),
            given.redact.given());
    StatusLine status = new StatusLine(streams, syntax().name(), file, !given.quiet.given());
    try {
      Progress.Summary summary = new Recording(plan, host, status).run();
      status.end(summary);
      return ExitCode.OK;
    } catch (SourceUnavailableException e) {
      throw new CommandFailure(e.getMessage() + " ('dropsite doctor' tells more)");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  private static Path tracepointFormat() {
    return TRACEFS_PLACES.stream()
        .map(place -> place.resolve("events/skb/kfree_skb/format"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                "--print-bpftrace: tracefs is not mounted, so what the tracepoint has cannot be"
                    + " read (mount -t tracefs tracefs /sys/kernel/tracing)"));
  }

  private static String defaultName(HostFacts host) {
    return "dropsite-" + host.name() + "-" + STAMP.format(Instant.now()) + ".drops.pcapng";
  }

  private CaptureFiles files(String file) {
    Compression compression =
        switch (given.compress.textOr("")) {
          case "" -> Compression.NONE;
          case "gzip" -> Compression.GZIP;
          case "zstd" -> Compression.ZSTD;
          default ->
              throw CommandFailure.wrongUsage(
                  "--compress: expected gzip or zstd, found \"" + given.compress.text() + "\"");
        };
    Rotation rotation =
        new Rotation(
            notZero(given.rotateSize, bytes(given.rotateSize, 0)),
            Duration.ofNanos(notZero(given.rotateEvery, nanos(given.rotateEvery, 0))),
            count(given.keep, 0));
    boolean rotate = rotation.bytes() > 0 || rotation.every().isPositive();
    if (!rotate && rotation.keep() > 0) {
      throw CommandFailure.wrongUsage("--keep: needs --rotate-size or --rotate-every");
    }
    if (file.equals("-")) {
      if (rotate) {
        throw CommandFailure.wrongUsage("standard output cannot be rotated");
      }
      return CaptureFiles.to("standard output", new OutputChannel(streams.out()), compression);
    }
    if (file.isEmpty()) {
      throw CommandFailure.wrongUsage("--output: expected a file name");
    }
    Path path = Path.of(file + (given.output.given() ? "" : compression.suffix()));
    return rotate
        ? CaptureFiles.rotating(path, given.force.given(), compression, rotation)
        : CaptureFiles.one(path, given.force.given(), compression);
  }

  private List<Probes> sources() {
    String name = given.source.textOr(AUTOMATIC);
    List<Probes> all = List.of(Probes.values());
    if (name.equals(AUTOMATIC)) {
      return all;
    }
    List<Probes> named = all.stream().filter(each -> each.title().equals(name)).toList();
    if (named.isEmpty()) {
      throw CommandFailure.wrongUsage(
          "--source: expected bpf, tracefs or auto, found \"" + name + "\"");
    }
    return named;
  }

  private ProbeOptions probe(HostFacts host) {
    return new ProbeOptions(
        filter(host),
        given.includeConsumed.given(),
        (int)
            inRange(
                given.snaplen,
                count(given.snaplen, DEFAULT_SNAP_BYTES),
                0,
                ProbeOptions.MOST_SNAP_BYTES),
        count(given.maxRate, DEFAULT_RATE),
        inRange(
            given.buffer,
            bytes(given.buffer, DEFAULT_BUFFER_BYTES),
            LEAST_BUFFER_BYTES,
            MOST_BUFFER_BYTES),
        given.offsets.path());
  }

  private DropFilter filter(HostFacts host) {
    try {
      Map<Integer, String> reasons = new HashMap<>();
      if (given.reason.given()) {
        host.reasons().stream()
            .filter(each -> !each.enumName().equals(ReasonEnum.SUBSYSTEMS))
            .forEach(each -> reasons.putAll(each.names()));
      }
      return new FilterParser(Path.of("/"), reasons)
          .parse(
              new FilterTexts(
                  list(given.comm),
                  list(given.pid),
                  list(given.netns),
                  list(given.networkInterface),
                  list(given.protocol),
                  list(given.address),
                  list(given.port),
                  list(given.reason),
                  given.expression.text()));
    } catch (FilterException e) {
      throw CommandFailure.wrongUsage(String.valueOf(e.getMessage()));
    }
  }

  private Limits limits() {
    return new Limits(
        nanos(given.duration, Long.MAX_VALUE),
        given.maxEvents.given() ? count(given.maxEvents, 0) : Long.MAX_VALUE,
        bytes(given.maxBytes, Long.MAX_VALUE));
  }

  private Set<String> leftOut() {
    Set<String> parts = new HashSet<>();
    for (String part : given.noSnapshot.textOr("").split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    for (String part : parts) {
      if (!SnapshotOptions.DEFAULT.without(Set.of(part)).leavesOutAnything()) {
        throw CommandFailure.wrongUsage(
            "--no-snapshot: no part is called \"%s\"; there are all, %s"
                .formatted(part, String.join(", ", Snapshot.names())));
      }
    }
    return parts;
  }

  private static List<String> list(Argument argument) {
    return argument.given() ? List.of(argument.textOr("")) : List.of();
  }

  private static long nanos(Argument option, long otherwise) {
    String text = option.text();
    return text == null ? otherwise : Quantity.nanos(option.names().getLast(), text);
  }

  private static long bytes(Argument option, long otherwise) {
    String text = option.text();
    return text == null ? otherwise : Quantity.bytes(option.names().getLast(), text);
  }

  private static int count(Argument option, int otherwise) {
    String text = option.text();
    return text == null
        ? otherwise
        : (int)
            inRange(option, Quantity.count(option.names().getLast(), text), 0, Integer.MAX_VALUE);
  }

  private static long notZero(Argument option, long value) {
    if (option.given() && value == 0) {
      throw CommandFailure.wrongUsage(option.names().getLast() + ": expected more than 0");
    }
    return value;
  }

  private static long inRange(Argument option, long value, long least, long most) {
    if (value < least || value > most) {
      throw CommandFailure.wrongUsage(
          "%s: expected %d to %d, found %d"
              .formatted(option.names().getLast(), least, most, value));
    }
    return value;
  }
}
