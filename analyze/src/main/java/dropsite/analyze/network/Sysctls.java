package dropsite.analyze.network;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a network namespace: {@code net/ipv4/ip_forward} is 1. */
final class Sysctls {
  private static final String SEPARATOR = " = ";

  private final Map<String, String> values = new HashMap<>();

  Sysctls(byte[] text) {
    new String(text, StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> {
          int at = line.indexOf(SEPARATOR);
          if (at > 0) {
            values.put(line.substring(0, at), line.substring(at + SEPARATOR.length()));
          }
        });
  }

  /** Returns a value; null when it was not recorded. */
  @Nullable String get(String path) {
    return values.get(path);
  }

  /** Returns a number; a default when it was not recorded. */
  long number(String path, long otherwise) {
    return Numbers.of(values.getOrDefault(path, ""), otherwise);
  }

  /** Returns a setting of a device, of IPv4. */
  long ofDevice(String device, String name, long otherwise) {
    return number("net/ipv4/conf/" + device + "/" + name, otherwise);
  }

  /**
   * Returns the name by which {@code sysctl} takes a setting: with dots, unless the name of a
   * device has some.
   */
  static String name(String path) {
    return path.indexOf('.') < 0 ? path.replace('/', '.') : path;
  }
}
