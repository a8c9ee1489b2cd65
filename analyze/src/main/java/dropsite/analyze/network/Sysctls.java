package dropsite.analyze.network;

import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.ShellWord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings of a network namespace: {@code net/ipv4/ip_forward} is 1. */
final class Sysctls {
  private static final String SEPARATOR = " = ";

  /** What is in the first namespace alone, or can be changed there alone: it holds for all. */
  private static final Pattern OF_BOX =
      Pattern.compile(
          "net/core/(?!somaxconn|optmem_max|txrehash|xfrm_|tstamp_).*"
              + "|net/ipv4/(tcp|udp)_mem"
              + "|net/ipv[46]/neigh/default/.*"
              + "|net/netfilter/nf_conntrack_max");

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
   * Returns the command that shows or changes a setting.
   *
   * @param value to give it; empty to show it
   */
  static NextStep step(String why, String path, String value) {
    String command =
        ShellWord.line(
            value.isEmpty()
                ? List.of("sysctl", name(path))
                : List.of("sysctl", "-w", name(path) + "=" + value));
    return new NextStep(command, why, !OF_BOX.matcher(path).matches());
  }

  /**
   * Returns the name by which {@code sysctl} takes a setting: with dots, unless the name of a
   * device has some.
   */
  static String name(String path) {
    return path.indexOf('.') < 0 ? path.replace('/', '.') : path;
  }
}
