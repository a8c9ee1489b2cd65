package dropsite.capture.tracefs;

import dropsite.btf.Btf;
import dropsite.bytes.MalformedInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the members of the kernel's structures lie that an event probe reads. From the running
 * kernel's BTF, or from a text made elsewhere out of the very same kernel:
 *
 * <pre>
 * # dropsite offsets 1
 * build-id 8a9b…
 * release 6.1.0-56-cloud-amd64
 * origin DWARF
 * sk_buff.head 200 8
 * sk_buff.pkt_type 128 0.3
 * </pre>
 *
 * A line of a member is its name, its offset in bytes, and its size in bytes; the size of a bit
 * field is written as the bit it begins with, counted in the order of memory, a dot, and how many
 * bits it has.
 *
 * @param buildId of the kernel, lower-case hex; empty when not known
 * @param release as {@code uname -r} prints it; empty when not known
 * @param origin where they were read: {@code BTF} or {@code DWARF}
 * @param places by structure and member, such as {@code sk_buff.head}
 */
public record Offsets(String buildId, String release, String origin, Map<String, Place> places) {

  /** Members that an event probe can make use of; a kernel need not have all of them. */
  public static final List<String> MEMBERS =
      List.of(
          "sk_buff.head",
          "sk_buff.data",
          "sk_buff.tail",
          "sk_buff.len",
          "sk_buff.mark",
          "sk_buff.protocol",
          "sk_buff.network_header",
          "sk_buff.mac_header",
          "sk_buff.pkt_type",
          "sk_buff.vlan_tci",
          "sk_buff.vlan_proto",
          "sk_buff.vlan_present",
          "sk_buff.dev",
          "sk_buff.sk",
          "net_device.ifindex",
          "net_device.name",
          "net_device.type",
          "net_device.nd_net.net",
          "net.ns.inum",
          "net.net_cookie",
          "sock.__sk_common.skc_family",
          "sock.__sk_common.skc_state",
          "sock.__sk_common.skc_net.net",
          "sock.__sk_common.skc_cookie",
          "sock.sk_type",
          "sock.sk_protocol");

  private static final String FIRST_LINE = "# dropsite offsets 1";
  private static final Pattern WORD = Pattern.compile("(build-id|release|origin) (\\S{1,200})");
  private static final Pattern MEMBER =
      Pattern.compile("([a-z]\\w*(?:\\.\\w+)+) (\\d{1,5}) (?:(\\d{1,5})|([0-7])\\.(\\d{1,2}))");

  /**
   * Where a member lies.
   *
   * @param offset in bytes from the structure's start
   * @param sizeBytes of the member; 0 of a bit field
   * @param firstBit of a bit field, counted in the order of memory from the byte at the offset
   * @param bits of a bit field; 0 of any other
   */
  public record Place(int offset, int sizeBytes, int firstBit, int bits) {
    /** Returns the place of a member that begins so many bits from the structure's start. */
    public static Place of(long offsetBits, long sizeBits) {
      int offset = Math.toIntExact(offsetBits / Byte.SIZE);
      int firstBit = (int) (offsetBits % Byte.SIZE);
      return firstBit != 0 || sizeBits % Byte.SIZE != 0
          ? new Place(offset, 0, firstBit, Math.toIntExact(sizeBits))
          : new Place(offset, Math.toIntExact(sizeBits / Byte.SIZE), 0, 0);
    }
  }

  /** Copies the places, sorted. */
  public Offsets {
    places = new TreeMap<>(places);
  }

  /** Reads those of a kernel from its types. */
  public static Offsets of(Btf kernel, String buildId, String release) {
    Map<String, Place> places = new TreeMap<>();
    for (String name : MEMBERS) {
      int dot = name.indexOf('.');
      kernel
          .member(name.substring(0, dot), name.substring(dot + 1))
          .ifPresent(member -> places.put(name, Place.of(member.offsetBits(), member.sizeBits())));
    }
    return new Offsets(buildId, release, "BTF", places);
  }

  /** Returns where a member of {@link #MEMBERS} lies, if the kernel has it. */
  Optional<Place> place(String member) {
    return Optional.ofNullable(places.get(member));
  }

  /** Returns the text that {@link #parse} reads. */
  public String text() {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    word(text, "build-id", buildId);
    word(text, "release", release);
    word(text, "origin", origin);
    places.forEach((name, place) -> {
      text.append(name).append(' ').append(place.offset()).append(' ');
      if (place.bits() == 0) {
        text.append(place.sizeBytes());
      } else {
        text.append(place.firstBit()).append('.').append(place.bits());
      }
      text.append('\n');
    });
    return text.toString();
  }

  private static void word(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(name).append(' ').append(value).append('\n');
    }
  }

  /**
   * Reads the text that {@link #text} gives; further lines that begin with {@code #} are left out.
   *
   * @param file for messages
   */
  public static Offsets parse(String file, String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE)) {
      throw new MalformedInputException(
          file, "does not begin with \"" + FIRST_LINE + "\", as what dropsite offsets prints");
    }
    Map<String, String> words = new TreeMap<>();
    Map<String, Place> places = new TreeMap<>();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      Matcher word = WORD.matcher(line);
      Matcher member = MEMBER.matcher(line);
      if (word.matches()) {
        words.put(word.group(1), word.group(2));
      } else if (member.matches()) {
        places.put(member.group(1), place(member));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        throw new MalformedInputException(file, "line " + (i + 1) + " is no member and its place");
      }
    }
    return new Offsets(
        words.getOrDefault("build-id", ""),
        words.getOrDefault("release", ""),
        words.getOrDefault("origin", ""),
        places);
  }

  private static Place place(Matcher member) {
    int offset = Integer.parseInt(member.group(2));
    return member.group(3) != null
        ? new Place(offset, Integer.parseInt(member.group(3)), 0, 0)
        : new Place(
            offset, 0, Integer.parseInt(member.group(4)), Integer.parseInt(member.group(5)));
  }
}
