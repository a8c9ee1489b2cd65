package dropsite.analyze.classify;

import dropsite.analyze.input.PacketHeaders;
import dropsite.analyze.rules.RuleData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule may ask of a packet's headers. A field that the bytes do not show holds nothing. */
enum PacketField {
  TTL("ttl", Kind.NUMBER),
  TCP_FLAGS("tcpFlags", Kind.FLAGS),
  FRAGMENT("fragment", Kind.BOOLEAN),
  DONT_FRAGMENT("dontFragment", Kind.BOOLEAN),
  MULTICAST("multicast", Kind.BOOLEAN),
  BROADCAST("broadcast", Kind.BOOLEAN),
  OTHER_HOST("otherHost", Kind.BOOLEAN),
  TAGGED("tagged", Kind.BOOLEAN),
  BAD_MAC_SOURCE("badMacSource", Kind.BOOLEAN),
  BAD_CHECKSUM("badChecksum", Kind.BOOLEAN),
  MAC_DESTINATION("macDestination", Kind.NUMBER),
  ETHER_TYPE("etherType", Kind.NUMBER),
  PROTOCOL("protocolNumber", Kind.NUMBER),
  SOURCE_PORT("sourcePort", Kind.NUMBER),
  DESTINATION_PORT("destinationPort", Kind.NUMBER),
  ICMP_TYPE("icmpType", Kind.NUMBER),
  ICMP_CODE("icmpCode", Kind.NUMBER),
  LENGTH("length", Kind.NUMBER);

  /** In the order of their bits (RFC 9293 §3.1, RFC 3168). */
  private static final List<String> FLAGS =
      List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR");

  private enum Kind {
    NUMBER,
    BOOLEAN,
    FLAGS
  }

  private final String word;
  private final Kind kind;

  PacketField(String word, Kind kind) {
    this.word = word;
    this.kind = kind;
  }

  /** Returns the name that rules use. */
  String word() {
    return word;
  }

  /** Returns the field of a name. */
  static PacketField of(String name, RuleData at) {
    for (PacketField field : values()) {
      if (field.word.equals(name)) {
        return field;
      }
    }
    throw at.malformed("no such field of a packet: " + name);
  }

  /**
   * What a rule wants a field to be.
   *
   * @param written in the rule
   * @param least the least number; of flags, those that must be set
   * @param most the greatest number; of flags, those that must not be set
   */
  record Wanted(String written, long least, long most) {

    boolean holds(PacketField field, Packet packet) {
      Long value = field.value(packet);
      if (value == null) {
        return false;
      }
      return field.kind == Kind.FLAGS
          ? (value & least) == least && (value & most) == 0
          : value >= least && value <= most;
    }
  }

  /**
   * Reads what a rule wants: {@code true}, {@code 1}, {@code 0..1}, {@code "01:80:c2:00:00:01"},
   * {@code [SYN, "!ACK"]}.
   */
  Wanted wanted(RuleData data) {
    List<String> texts = data.texts();
    String written = String.join(" ", texts);
    return switch (kind) {
      case BOOLEAN -> {
        long value = data.isTrue() ? 1 : 0;
        yield new Wanted(written, value, value);
      }
      case NUMBER -> {
        String[] ends = data.text().split("\\.\\.", 2);
        long least = number(ends[0], data);
        yield new Wanted(written, least, ends.length == 1 ? least : number(ends[1], data));
      }
      case FLAGS -> {
        long set = 0;
        long clear = 0;
        for (String text : texts) {
          boolean not = text.startsWith("!");
          int bit = FLAGS.indexOf(not ? text.substring(1) : text);
          if (bit < 0) {
            throw data.malformed("no such flag: " + text + "; known are " + FLAGS);
          }
          set |= not ? 0 : 1L << bit;
          clear |= not ? 1L << bit : 0;
        }
        yield new Wanted(written, set, clear);
      }
    };
  }

  private static long number(String text, RuleData data) {
    try {
      return text.indexOf(':') >= 0 ? mac(text) : Long.decode(text);
    } catch (NumberFormatException e) {
      throw data.malformed("expected a number or two with .. between them");
    }
  }

  private @Nullable Long value(Packet packet) {
    return switch (this) {
      case MULTICAST -> truth(packet.multicast());
      case BROADCAST -> truth(packet.broadcast());
      case OTHER_HOST -> truth(packet.otherHost());
      case FRAGMENT -> truth(packet.fragment());
      case DONT_FRAGMENT -> truth(packet.dontFragment());
      case BAD_MAC_SOURCE -> truth(packet.badMacSource());
      case BAD_CHECKSUM -> truth(packet.badChecksum());
      default -> {
        PacketHeaders headers = packet.headers();
        yield headers == null ? null : value(headers);
      }
    };
  }

  private static long mac(String text) {
    return Long.parseLong(text.replace(":", ""), 16);
  }

  private @Nullable Long value(PacketHeaders headers) {
    long value =
        switch (this) {
          case TTL -> headers.ttl();
          case TCP_FLAGS -> headers.tcpFlags();
          case TAGGED -> headers.vlan() >= 0 ? 1 : 0;
          case ETHER_TYPE -> headers.etherType();
          case PROTOCOL -> headers.protocol();
          case SOURCE_PORT -> headers.sourcePort();
          case DESTINATION_PORT -> headers.destinationPort();
          case ICMP_TYPE -> headers.icmpType();
          case ICMP_CODE -> headers.icmpCode();
          case LENGTH -> headers.totalLengthBytes();
          case MAC_DESTINATION -> headers.macTo();
          case FRAGMENT,
              DONT_FRAGMENT,
              MULTICAST,
              BROADCAST,
              OTHER_HOST,
              BAD_MAC_SOURCE,
              BAD_CHECKSUM ->
              -1;
        };
    return value < 0 ? null : value;
  }

  private static @Nullable Long truth(@Nullable Boolean value) {
    return value == null ? null : value ? 1L : 0L;
  }
}
