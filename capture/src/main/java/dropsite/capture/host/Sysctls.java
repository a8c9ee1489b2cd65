package dropsite.capture.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The settings that make the kernel drop packets, one per line: {@code net/ipv4/ip_forward = 1}.
 * Folders are divided by slashes, since names of devices may hold dots.
 */
final class Sysctls {
  private static final String FOLDER = "proc/sys/";
  private static final int MOST_NAMES = 256;

  private final List<String> patterns;

  Sysctls() {
    try (InputStream in =
        Objects.requireNonNull(Sysctls.class.getResourceAsStream("sysctls.txt"))) {
      patterns =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns those of the network namespace that the calling thread is in, and of the box. */
  String text(HostFiles files) {
    StringBuilder text = new StringBuilder();
    for (String pattern : patterns) {
      int star = pattern.indexOf('*');
      if (star < 0) {
        add(text, files, pattern);
        continue;
      }
      String folder = pattern.substring(0, star);
      for (String name : files.names(FOLDER + folder).stream().limit(MOST_NAMES).toList()) {
        add(text, files, folder + name + pattern.substring(star + 1));
      }
    }
    return text.toString();
  }

  private static void add(StringBuilder text, HostFiles files, String name) {
    String value = files.text(FOLDER + name);
    if (!value.isEmpty()) {
      text.append(name).append(" = ").append(value).append('\n');
    }
  }
}
