package dropsite.command;

import dropsite.text.SafeText;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output: bytes as given, buffered until {@link #flush}, and never a silent loss.
 *
 * <p>Names and paths come from files that may be hostile, so {@link #name} takes away what a
 * terminal would obey.
 */
public final class Output extends OutputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  /** Names written lately, as many as these bits can count. */
  private static final int KNOWN_NAME_BITS = 12;

  private static final int LONGEST_KNOWN_NAME = 512;

  private final String name;
  private final OutputStream target;
  private final boolean terminal;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private final @Nullable Encoded[] knownNames = new Encoded[1 << KNOWN_NAME_BITS];

  /** A name and the bytes that are written for it: the same few come again and again. */
  private static final class Encoded {
    final String name;
    final byte[] bytes;

    Encoded(String name, byte[] bytes) {
      this.name = name;
      this.bytes = bytes;
    }
  }

  public Output(OutputStream target) {
    this(target, false);
  }

  /**
   * @param terminal whether a terminal shows, and obeys, what is written
   */
  public Output(OutputStream target, boolean terminal) {
    this("standard output", target, terminal);
  }

  private Output(String name, OutputStream target, boolean terminal) {
    this.name = name;
    this.target = target;
    this.terminal = terminal;
  }

  /**
   * Opens a file to write to.
   *
   * @param named what messages call it
   * @param how it is opened; empty, and made if it is not there, when nothing is said
   */
  public static Output to(Path named, Path file, OpenOption... how) throws IOException {
    return new Output(named.toString(), Files.newOutputStream(file, how), false);
  }

  /** Returns whether a terminal shows, and obeys, what is written. */
  public boolean isTerminal() {
    return terminal;
  }

  public static Output standard() {
    // System.out would swallow errors, and a full disk must not look like success.
    return new Output(new FileOutputStream(FileDescriptor.out), isTerminal(STANDARD_OUTPUT));
  }

  /** Returns whether a terminal shows what is written to standard error. */
  public static boolean isStandardErrorTerminal() {
    return isTerminal(STANDARD_ERROR);
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
  public Output text(String text) {
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
  public Output name(String name) {
    int place = (name.hashCode() * 0x9e3779b9) >>> (Integer.SIZE - KNOWN_NAME_BITS);
    Encoded known = knownNames[place];
    if (known == null || !known.name.equals(name)) {
      known = new Encoded(name, SafeText.of(name).getBytes(StandardCharsets.UTF_8));
      if (known.bytes.length <= LONGEST_KNOWN_NAME) {
        knownNames[place] = known;
      }
    }
    writeAll(known.bytes);
    return this;
  }

  /** Writes a decimal number. */
  public Output number(long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      return text(Long.toString(value));
    }
    int rest = (int) value;
    int length = 1;
    for (int limit = 10; length < 10 && rest >= limit; limit *= 10) {
      length++;
    }
    room(length);
    filled += length;
    for (int i = filled - 1; i >= filled - length; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return this;
  }

  /**
   * Writes a hexadecimal number with leading zeros.
   *
   * @param digits at least so many, where the value needs no more
   */
  public Output hexadecimal(long value, int digits) {
    int needed = (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4;
    int length = Math.max(needed, digits);
    room(length);
    for (int shift = 4 * (length - 1); shift >= 0; shift -= 4) {
      int digit = (int) (value >>> shift) & 0xf;
      buffer[filled++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    return this;
  }

  private void room(int length) {
    if (length > BUFFER_BYTES - filled) {
      send();
    }
  }

  /** Ends the line. */
  public Output newline() {
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

  /** Closes the output, so that whoever reads it knows that it is complete. */
  @Override
  public void close() {
    flush();
    try {
      target.close();
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

  private RuntimeException failure(IOException e) {
    String reason = String.valueOf(e.getMessage());
    // The errno is not to be had; the C library's translations keep the English words for EPIPE.
    if (reason.toLowerCase(Locale.ROOT).contains("broken pipe")) {
      return new ReaderGone();
    }
    return new CommandFailure("cannot write to " + name + ": " + reason);
  }

  /** Whoever read our output wants no more of it ({@code | head}): nothing to complain about. */
  public static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReaderGone() {
      super(null, null, false, false);
    }
  }
}
