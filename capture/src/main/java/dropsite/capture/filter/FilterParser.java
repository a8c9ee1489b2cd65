package dropsite.capture.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dropsite.capture.DropFilter;
import dropsite.capture.DropFilter.Prefix;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes a filter of the words of the command line; every mistake is one line that names it. */
public final class FilterParser {
  /** TASK_COMM_LEN and IFNAMSIZ of the kernel, less the zero at the end. */
  private static final int LONGEST_NAME = 15;

  /** PID_MAX_LIMIT of linux/threads.h on 64-bit machines. */
  private static final int LARGEST_PID = 4 * 1024 * 1024;

  private static final int LARGEST_PORT = 65_535;
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|[0-9]+(\\.[0-9]+){3}");

  private final NamespaceNames namespaces;
  private final ReasonNames reasons;

  /**
   * @param root of the file system, where names of network namespaces are looked up
   * @param reasons the running kernel's names of drop reasons by number; empty when it has none
   */
  public FilterParser(Path root, Map<Integer, String> reasons) {
    namespaces = new NamespaceNames(root);
    this.reasons = new ReasonNames(reasons);
  }

  /** One member of a comma list. */
  @FunctionalInterface
  private interface Member<T> {
    T parse(String text) throws FilterException;
  }

  /**
   * Parses all options, and compiles the expression to see whether it can be.
   *
   * @throws FilterException when one of them is wrong
   */
  public DropFilter parse(FilterTexts texts) throws FilterException {
    List<Integer> protocols = list("--protocol", texts.protocol(), FilterParser::protocol);
    List<Integer> network =
        protocols.stream().filter(number -> number >= Protocols.FIRST_ETHERTYPE).toList();
    if (!network.isEmpty() && network.size() < protocols.size()) {
      throw new FilterException(
          "--protocol: "
              + String.join(",", texts.protocol())
              + " mixes protocols of the network layer (ip, ip6, arp) with those above it;"
              + " name one kind");
    }
    if (texts.expression() != null) {
      PcapExpression.compile(texts.expression());
    }
    return new DropFilter(
        list("--comm", texts.comm(), FilterParser::comm),
        list("--pid", texts.pid(), text -> number("--pid", text, 0, LARGEST_PID)),
        list("--netns", texts.netns(), namespaces::inode),
        list("--interface", texts.networkInterface(), FilterParser::networkInterface),
        network,
        network.isEmpty() ? protocols : List.of(),
        list("--address", texts.address(), FilterParser::address),
        list("--port", texts.port(), text -> number("--port", text, 1, LARGEST_PORT)),
        list("--reason", texts.reason(), reasons::number),
        texts.expression());
  }

  private static <T> List<T> list(String option, List<String> texts, Member<T> member)
      throws FilterException {
    LinkedHashSet<T> members = new LinkedHashSet<>();
    for (String text : texts) {
      for (String each : text.split(",", -1)) {
        if (each.isBlank()) {
          throw new FilterException(option + ": \"" + text + "\" has an empty member");
        }
        members.add(member.parse(each.strip()));
      }
    }
    if (members.size() > DropFilter.LONGEST_LIST) {
      throw new FilterException(
          "%s: %d members; the kernel compares every drop with all of them, so %d are the most"
              .formatted(option, members.size(), DropFilter.LONGEST_LIST));
    }
    return new ArrayList<>(members);
  }

  static int number(String option, String text, int least, int most) throws FilterException {
    try {
      int number =
          text.startsWith("0x")
              ? Integer.parseInt(text, 2, text.length(), 16)
              : Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, as numbers out of range are.
    }
    throw new FilterException(
        "%s: \"%s\" is no number from %d to %d".formatted(option, text, least, most));
  }

  /** As the kernel keeps it: cut behind the 15th byte. */
  private static String comm(String text) {
    byte[] name = text.getBytes(UTF_8);
    return new String(name, 0, Math.min(name.length, LONGEST_NAME), ISO_8859_1);
  }

  private static String networkInterface(String text) throws FilterException {
    byte[] name = text.getBytes(UTF_8);
    if (name.length > LONGEST_NAME || text.contains("/")) {
      throw new FilterException(
          "--interface: \"" + text + "\" cannot be a name: at most 15 bytes, without slash");
    }
    return new String(name, ISO_8859_1);
  }

  private static int protocol(String text) throws FilterException {
    String name = text.toLowerCase(Locale.ROOT);
    var known = Protocols.number(name);
    if (known.isPresent()) {
      return known.getAsInt();
    }
    if (!Character.isDigit(name.charAt(0))) {
      throw new FilterException(
          "--protocol: \"%s\" is not known; a number, or one of %s"
              .formatted(text, String.join(", ", Protocols.names())));
    }
    int number = number("--protocol", name, 0, Protocols.LAST_ETHERTYPE);
    if (number > Protocols.LAST_TRANSPORT && number < Protocols.FIRST_ETHERTYPE) {
      throw new FilterException(
          "--protocol: %s is neither a protocol of IP (0 to 255) nor an ethertype (0x600 to 0xffff)"
              .formatted(text));
    }
    return number;
  }

  private static Prefix address(String text) throws FilterException {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    if (!ADDRESS.matcher(literal).matches()) {
      throw notAnAddress(text);
    }
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      int most = address.getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? most : number("--address", text.substring(slash + 1), 0, most);
      return new Prefix(address, bits);
    } catch (IllegalArgumentException wrong) {
      throw notAnAddress(text);
    }
  }

  private static FilterException notAnAddress(String text) {
    return new FilterException(
        "--address: \""
            + text
            + "\" is no address such as 192.0.2.1, and no prefix such as fd00::/8");
  }
}
