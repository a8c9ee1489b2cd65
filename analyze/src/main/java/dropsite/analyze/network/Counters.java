package dropsite.analyze.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the counters of /proc/net into a map, under the names that {@code nstat} gives them. */
final class Counters {
  private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
  private static final int DROPPED_COLUMN = 1;

  private Counters() {}

  /** Reads pairs of lines, {@code Ip: names} and {@code Ip: values}: snmp, netstat. */
  static Map<String, Long> pairs(byte[] text) {
    Map<String, Long> counters = new HashMap<>();
    List<String> names = List.of();
    for (String line : lines(text)) {
      List<String> words = words(line);
      if (names.isEmpty() || !names.getFirst().equals(words.getFirst())) {
        names = words;
        continue;
      }
      String group = names.getFirst().replace(":", "");
      for (int i = 1; i < Math.min(names.size(), words.size()); i++) {
        put(counters, group + names.get(i), words.get(i));
      }
      names = List.of();
    }
    return counters;
  }

  /** Reads lines of a name and a value: snmp6, xfrm_stat. */
  static Map<String, Long> lines(byte[] text, String prefix) {
    Map<String, Long> counters = new HashMap<>();
    for (String line : lines(text)) {
      List<String> words = words(line);
      if (words.size() == 2) {
        put(counters, prefix + words.get(0), words.get(1));
      }
    }
    return counters;
  }

  /** Reads lines such as {@code UDP: inuse 3 mem 2} of sockstat: {@code UDP.mem} is 2. */
  static Map<String, Long> sockets(byte[] text) {
    Map<String, Long> counters = new HashMap<>();
    for (String line : lines(text)) {
      List<String> words = words(line);
      for (int i = 1; i + 1 < words.size(); i += 2) {
        put(counters, words.getFirst().replace(":", ".") + words.get(i), words.get(i + 1));
      }
    }
    return counters;
  }

  /**
   * Reads a table of hexadecimal numbers with a line of names, one line for each CPU, into sums
   * over all CPUs: /proc/net/stat. {@code entries} is the same on each line, and not summed.
   */
  static Map<String, Long> table(byte[] text, String prefix) {
    Map<String, Long> counters = new HashMap<>();
    List<String> names = List.of();
    for (String line : lines(text)) {
      List<String> words = words(line.strip());
      if (names.isEmpty()) {
        names = words;
        continue;
      }
      for (int i = 0; i < Math.min(names.size(), words.size()); i++) {
        long value = Numbers.hexadecimal(words.get(i), 0);
        counters.merge(
            prefix + names.get(i), value, names.get(i).equals("entries") ? Math::max : Long::sum);
      }
    }
    return counters;
  }

  /** Returns how many packets all CPUs dropped for a full backlog: the column of softnet_stat. */
  static Map<String, Long> softnet(byte[] text) {
    Map<String, Long> counters = new HashMap<>();
    for (String line : lines(text)) {
      List<String> words = words(line);
      if (words.size() > DROPPED_COLUMN) {
        counters.merge(
            "softnet.dropped", Numbers.hexadecimal(words.get(DROPPED_COLUMN), 0), Long::sum);
      }
    }
    return counters;
  }

  /** Reads what {@code ethtool -S} prints: a name, a colon and a value on each line. */
  static Map<String, Long> card(byte[] text) {
    Map<String, Long> counters = new HashMap<>();
    for (String line : lines(text)) {
      int colon = line.lastIndexOf(':');
      if (colon > 0 && !line.substring(colon + 1).isBlank()) {
        put(counters, line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return counters;
  }

  private static void put(Map<String, Long> counters, String name, String value) {
    try {
      counters.put(name, Long.parseUnsignedLong(value));
    } catch (NumberFormatException e) {
      return; // a limit such as -1, or no number at all: nothing that counts
    }
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  private static List<String> words(String line) {
    return new ArrayList<>(List.of(BLANKS.split(line)));
  }
}
