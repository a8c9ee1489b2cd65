package dropsite.cli;

import dropsite.analyze.report.SafeText;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Standard output: bytes as given, buffered until {@link #flush}, and never a silent loss.
 *
 * <p>Names and paths come from files that may be hostile, so {@link #name} takes away what a
 * terminal would obey.
 */
final class Output extends OutputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

  private final OutputStream target;
  private final boolean terminal;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;

  Output(OutputStream target) {
    this(target, false);
  }

  /**
   * @param terminal whether a terminal shows, and obeys, what is written
   */
  Output(OutputStream target, boolean terminal) {
    this.target = target;
    this.terminal = terminal;
  }

  /** Returns whether a terminal shows, and obeys, what is written. */
  boolean isTerminal() {
    return terminal;
  }

  static Output standard() {
    // System.out would swallow errors, and a full disk must not look like success.
    return new Output(new FileOutputStream(FileDescriptor.out), isTerminal(STANDARD_OUTPUT));
  }

  /**
   * Returns whether a link to an open file leads to a device that may be a terminal. Asking the C
   * library, or for a console, would cost more than many a lookup.
   */
  private static boolean isTerminal(Path link) {
    try {
      String file = Files.readSymbolicLink(link).toString();
      return file.startsWith("/dev/") && !file.startsWith("/dev/shm/") && !file.equals("/dev/null");
    } catch (IOException e) {
      // No such links on this system.
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
  }

  /** Writes text that this program made, as UTF-8. */
  Output text(String text) {
    int length = text.length();
    if (length > BUFFER_BYTES - filled) {
      flush();
    }
    if (length > BUFFER_BYTES) {
      writeAll(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        writeAll(text.substring(i).getBytes(StandardCharsets.UTF_8));
        return this;
      }
      buffer[filled++] = (byte) c;
    }
    return this;
  }

  /** Writes a name or path that a file gave. */
  Output name(String name) {
    return text(SafeText.of(name));
  }

  /** Writes a decimal number. */
  Output number(long value) {
    return text(Long.toString(value));
  }

  /** Ends the line. */
  Output newline() {
    write('\n');
    return this;
  }

  @Override
  public void write(int value) {
    if (filled == BUFFER_BYTES) {
      send();
    }
    buffer[filled++] = (byte) value;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (length > BUFFER_BYTES - filled) {
      send();
    }
    if (length > BUFFER_BYTES) {
      send(bytes, offset, length);
      return;
    }
    System.arraycopy(bytes, offset, buffer, filled, length);
    filled += length;
  }

  private void writeAll(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void flush() {
    send();
    try {
      target.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void send() {
    int length = filled;
    // Emptied first: after a failure nothing may be sent a second time.
    filled = 0;
    send(buffer, 0, length);
  }

  private void send(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return;
    }
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(IOException e) {
    String reason = String.valueOf(e.getMessage());
    // The errno is not to be had; the C library's translations keep the English words for EPIPE.
    if (reason.toLowerCase(Locale.ROOT).contains("broken pipe")) {
      return new ReaderGone();
    }
    return new CommandFailure("cannot write to standard output: " + reason);
  }

  /** Whoever read our output wants no more of it ({@code | head}): nothing to complain about. */
  static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReaderGone() {
      super(null, null, false, false);
    }
  }
}
