package dropsite.capture.redact;

import dropsite.capture.DropEvent;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.SnapshotPart;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes out of a recording what tells whose it is, with a key that lives no longer than this
 * object: the same address, MAC address or name becomes the same other one in packets, rules and
 * routes.
 *
 * <p>Kept are numbers (ports, marks, indexes, process ids), addresses of the kernel, names of
 * modules, BPF programs, chains, tables and sets, and what {@link AddressMap}, {@link MacMap} and
 * {@link NameMap} say. Payload is cut off behind the transport header; lengths stay.
 *
 * <p>May be used by several threads.
 */
public final class Redactor {
  // uapi/linux/if_arp.h
  private static final int ARPHRD_ETHER = 1;
  private static final int ARPHRD_LOOPBACK = 772;

  /** Tasks of the kernel, and what a name of theirs may go on with. */
  private static final Pattern KERNEL_TASK =
      Pattern.compile(
          "(swapper|ksoftirqd|kworker|migration|cpuhp|idle_inject|rcu[a-z_]*|ktimers"
              + "|kthreadd|kauditd|kswapd\\d+|ktimersoftd)(/.*)?");

  /** Tasks of the kernel that are named after a device, which may be cut off at the end. */
  private static final Pattern DEVICE_TASK =
      Pattern.compile("(irq/\\d+-(?:s-)?|napi/)(.*?)(-\\d*)?");

  private static final Pattern NAMESPACE_FILE = Pattern.compile("(?<=run/netns/)[^/]+");

  private static final String LOCAL = "localhost";
  private static final int SHORTEST_HOST_NAME = 2;

  private final PacketRedactor packets;
  private final DeviceNames devices;
  private final NameMap names;
  private final JsonText json;
  private final PlainText plain;
  private final Pattern host;

  /**
   * Makes a key.
   *
   * @param hostName that is replaced wherever it stands in a text; empty for none
   */
  public static Redactor withRandomKey(String hostName) {
    return withRandomKey(List.of(hostName));
  }

  /** Makes a key, for recordings of several boxes. */
  public static Redactor withRandomKey(Collection<String> hostNames) {
    byte[] key = new byte[3 * CryptoPan.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new Redactor(key, hostNames);
  }

  Redactor(byte[] key, String hostName) {
    this(key, List.of(hostName));
  }

  private Redactor(byte[] key, Collection<String> hostNames) {
    int part = CryptoPan.KEY_BYTES;
    AddressMap addresses = new AddressMap(Arrays.copyOf(key, part));
    MacMap macs = new MacMap(Arrays.copyOfRange(key, part, 2 * part), addresses);
    byte[] nameKey = Arrays.copyOfRange(key, 2 * part, 3 * part);
    AddressFinder finder = new AddressFinder(addresses, macs);
    this.packets = new PacketRedactor(addresses, macs);
    this.devices = new DeviceNames(nameKey, macs);
    this.names = new NameMap(nameKey, Set.of());
    this.json = new JsonText(finder, devices);
    this.plain = new PlainText(finder, devices);
    String told =
        hostNames.stream()
            .filter(name -> name.length() >= SHORTEST_HOST_NAME && !name.equals(LOCAL))
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    this.host = Pattern.compile(told.isEmpty() ? "(?!)" : "(?<![\\w.-])(?:" + told + ")(?![\\w-])");
  }

  /** Returns an event without what tells whose it is. */
  public synchronized DropEvent redact(DropEvent event) {
    DropEvent.Task task = event.task();
    DropEvent.Device device = event.device();
    DropEvent.Packet packet = event.packet();
    boolean ethernet =
        device.hardwareType() == ARPHRD_ETHER
            || device.hardwareType() == ARPHRD_LOOPBACK
            || device.hardwareType() < 0;
    return new DropEvent(
        event.bootNanos(),
        event.cpu(),
        event.consumed(),
        event.skb(),
        event.location(),
        event.reason(),
        event.stack(),
        event.stackCut(),
        new DropEvent.Task(
            task.pid(), task.tid(), task(task.comm()), task.cgroupId(), task.interrupted()),
        new DropEvent.Device(
            device.ifindex(),
            devices.map(device.name()),
            device.hardwareType(),
            device.netns(),
            device.netnsCookie()),
        event.socket(),
        new DropEvent.Packet(
            packet.protocol(),
            packet.type(),
            packet.lengthBytes(),
            packet.mark(),
            packet.vlan(),
            packets.macHeader(packet.macHeader(), ethernet),
            packets.packet(packet.protocol(), packet.bytes()),
            packet.originalBytes()));
  }

  /** Returns another name for a task; tasks of the kernel keep theirs. */
  public synchronized String task(String comm) {
    Matcher byDevice = DEVICE_TASK.matcher(comm);
    if (byDevice.matches()) {
      String end = byDevice.group(3);
      return byDevice.group(1) + devices.map(byDevice.group(2)) + (end == null ? "" : end);
    }
    return KERNEL_TASK.matcher(comm).matches() ? comm : names.map(comm);
  }

  /** Returns a part of a snapshot without what tells whose it is; cut ones end at a whole word. */
  public synchronized SnapshotPart redact(SnapshotPart part) {
    String text = hostsMapped(new String(part.bytes(), StandardCharsets.ISO_8859_1));
    boolean isJson = text.stripLeading().startsWith("[") || text.stripLeading().startsWith("{");
    String redacted;
    if (isJson) {
      redacted = json.redacted(text);
    } else {
      redacted = plain.redacted(part.cut() ? text.substring(0, text.lastIndexOf('\n') + 1) : text);
    }
    return new SnapshotPart(
        part.name(),
        part.phase(),
        part.netns(),
        part.realNanos(),
        origin(part.origin()),
        redacted.getBytes(StandardCharsets.ISO_8859_1),
        part.cut(),
        plain.redacted(hostsMapped(part.problem())));
  }

  /** Returns another name for a network device. */
  public synchronized String device(String name) {
    return devices.map(name);
  }

  /** Returns another name for what has one, such as a namespace. */
  public synchronized String name(String name) {
    return names.map(name);
  }

  /** Returns another name for a box. */
  public synchronized String host(String name) {
    return name.equals(LOCAL) ? LOCAL : names.map(name);
  }

  /** Returns a text with other addresses and names of boxes. */
  public synchronized String text(String text) {
    return plain.redacted(hostsMapped(text));
  }

  /** A command line, or a path, which may name a namespace. */
  private String origin(String text) {
    return NAMESPACE_FILE
        .matcher(plain.redacted(text))
        .replaceAll(found -> Matcher.quoteReplacement(names.map(found.group())));
  }

  private String hostsMapped(String text) {
    return host.matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(names.map(found.group())));
  }

  /** Returns a namespace with other names. */
  public synchronized NetworkNames redact(NetworkNames space) {
    return new NetworkNames(
        space.netns(),
        space.names().stream().map(name -> name.startsWith("(") ? name : names.map(name)).toList(),
        space.pids(),
        space.interfaces().stream()
            .map(each ->
                new NetworkNames.Interface(
                    each.ifindex(), devices.map(each.name()), each.hardwareType()))
            .toList());
  }

  /** Returns the kernel with another host name, and without its command line. */
  public synchronized HostKernel redact(HostKernel kernel) {
    return new HostKernel(
        kernel.release(),
        kernel.version(),
        kernel.machine(),
        kernel.buildId(),
        kernel.notes(),
        kernel.symbols(),
        kernel.unwinder(),
        kernel.bootId(),
        host(kernel.hostName()),
        "",
        kernel.clocks());
  }
}
