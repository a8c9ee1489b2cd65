package dropsite.capture.host;

import dropsite.capture.libc.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Makes parts of a snapshot and hands them over, within what the whole of it may cost. */
final class PartTaker {
  private final SnapshotOptions options;
  private final SnapshotPart.Phase phase;
  private final HostFiles files;
  private final Runner runner;
  private final Snapshot.Receiver receiver;
  private final long endNanos;
  private long leftBytes;
  private long netns;

  PartTaker(
      SnapshotOptions options,
      SnapshotPart.Phase phase,
      HostFiles files,
      Runner runner,
      Snapshot.Receiver receiver) {
    this.options = options;
    this.phase = phase;
    this.files = files;
    this.runner = runner;
    this.receiver = receiver;
    this.endNanos = System.nanoTime() + options.mostNanos();
    this.leftBytes = options.mostBytes();
  }

  /** Says which network namespace the next parts are about; 0 for the whole box. */
  void about(long inode) {
    this.netns = inode;
  }

  /** Runs a program and returns what it printed. */
  byte[] run(String name, List<String> command) throws IOException, InterruptedException {
    if (!options.wants(name)) {
      return new byte[0];
    }
    String origin = String.join(" ", command);
    long nanos = Math.min(options.mostNanosEach(), endNanos - System.nanoTime());
    if (nanos <= 0) {
      problem(name, origin, "no time was left for it");
      return new byte[0];
    }
    Runner.Output output = runner.run(command, nanos, mostBytes());
    hand(name, origin, output);
    return output.bytes();
  }

  /** Copies a file of /proc; where there is none there is no part. */
  void file(String name, String path) throws IOException {
    if (!options.wants(name) || !files.has(path)) {
      return;
    }
    try {
      byte[] bytes = files.read(path, mostBytes() + 1);
      hand(name, "/" + path, bounded(bytes));
    } catch (IOException e) {
      problem(name, "/" + path, "cannot be read");
    }
  }

  /** Keeps a text that takes a while to make. */
  void text(String name, String origin, Supplier<String> text) throws IOException {
    if (options.wants(name)) {
      hand(name, origin, bounded(text.get().getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  /** Says why there is no part of this name. */
  void problem(String name, String origin, String problem) throws IOException {
    if (options.wants(name)) {
      hand(name, origin, new Runner.Output(new byte[0], false, problem));
    }
  }

  private int mostBytes() {
    return (int) Math.min(options.mostBytesEach(), leftBytes);
  }

  private Runner.Output bounded(byte[] bytes) {
    int most = mostBytes();
    return bytes.length <= most
        ? new Runner.Output(bytes, false, "")
        : new Runner.Output(Arrays.copyOf(bytes, most), true, "gave more than " + most + " bytes");
  }

  private void hand(String name, String origin, Runner.Output output) throws IOException {
    leftBytes -= output.bytes().length;
    receiver.part(
        new SnapshotPart(
            name,
            phase,
            netns,
            Clock.REALTIME.nanos(),
            origin,
            output.bytes(),
            output.cut(),
            output.problem()));
  }
}
