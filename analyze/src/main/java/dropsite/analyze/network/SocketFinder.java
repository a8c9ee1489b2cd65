package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import dropsite.text.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Packets that no socket took: that there is none, or the limits that hold for its queues. */
final class SocketFinder {
  private static final int TCP = 6;
  private static final int UDP = 17;

  private SocketFinder() {}

  static List<Attribution> find(Scene scene) {
    Optional<Attribution> found = Optional.empty();
    if (scene.isOf("socket.none")) {
      found = nobody(scene);
    } else if (scene.isOf("socket.rcvbuf")) {
      found = receiveBuffer(scene);
    } else if (scene.isOf("socket.listen-overflow")) {
      found =
          limit(
              scene,
              scene.states(),
              "net/core/somaxconn",
              "TcpExtListenOverflows",
              "no accept queue is longer, however long its socket asked for it (listen(2))");
    } else if (scene.isOf("socket.memory")) {
      found = memory(scene);
    }
    return found.stream().toList();
  }

  private static Optional<Attribution> nobody(Scene scene) {
    int protocol = scene.packet().protocol();
    InetAddress address = scene.packet().destination();
    int port = scene.packet().destinationPort();
    if (address == null || port < 0 || (protocol != TCP && protocol != UDP)) {
      return Optional.empty();
    }
    NetworkState known =
        scene.states().after().known() ? scene.states().after() : scene.states().before();
    String device = known.addresses().get(address);
    if (device == null) {
      return Optional.empty();
    }
    boolean ipv6 = scene.packet().version() == 6;
    String name = protocol == TCP ? "TCP" : "UDP";
    // Without the port: one cause, however many ports are tried.
    Draft draft =
        new Draft(Kind.SOCKET, "no " + name + " socket on " + IpText.of(address))
            .because("nobody has port " + port + " there; the address is one of " + device)
            .sure(Confidence.MEDIUM)
            .run(
                Step.of(
                    "shows who listens there",
                    "ss",
                    protocol == TCP ? "-ltnp" : "-lunp",
                    "sport = :" + port));
    if (protocol == UDP) {
      scene
          .states()
          .moved(ipv6 ? "Udp6NoPorts" : "UdpNoPorts")
          .ifPresent(moved -> draft.counted(moved).sure(scene.confidence(moved)));
    }
    return Optional.of(draft.done());
  }

  private static Optional<Attribution> receiveBuffer(Scene scene) {
    int protocol = scene.packet().protocol();
    if (protocol == UDP) {
      return limit(
          scene,
          scene.states(),
          "net/core/rmem_default",
          scene.packet().version() == 6 ? "Udp6RcvbufErrors" : "UdpRcvbufErrors",
          "a socket's buffer has so many bytes unless it asked for others (SO_RCVBUF, up to"
              + " net.core.rmem_max); a reader that is too slow fills any");
    }
    return protocol == TCP
        ? limit(
            scene,
            scene.states(),
            "net/ipv4/tcp_rmem",
            "TcpExtTCPRcvQDrop",
            "least, first and greatest size of a socket's buffer")
        : Optional.empty();
  }

  private static Optional<Attribution> memory(Scene scene) {
    int protocol = scene.packet().protocol();
    if (protocol != TCP && protocol != UDP) {
      return Optional.empty();
    }
    String name = protocol == TCP ? "TCP" : "UDP";
    return limit(
        scene,
        scene.root(),
        protocol == TCP ? "net/ipv4/tcp_mem" : "net/ipv4/udp_mem",
        protocol == TCP ? "TcpExtTCPMemoryPressures" : "UdpMemErrors",
        "pages for all sockets: at ease, under pressure, at most; used after the recording: "
            + used(scene.root().after(), name));
  }

  private static String used(NetworkState state, String protocol) {
    Long pages = state.counters().get(protocol + ".mem");
    return pages == null ? "not recorded" : pages.toString();
  }

  /** A limit that the class of drop says was met; which socket met it is not in a snapshot. */
  private static Optional<Attribution> limit(
      Scene scene, Scene.Moments settings, String path, String counter, String meaning) {
    List<@Nullable String> values = new ArrayList<>();
    values.add(settings.after().sysctls().get(path));
    values.add(settings.before().sysctls().get(path));
    for (@Nullable String value : values) {
      if (value != null) {
        Draft draft =
            Draft.ofSysctl(path, value.replaceAll("\\s+", " "), "LIMIT", "changes the limit")
                .because(meaning)
                .sure(Confidence.LOW);
        scene.states().moved(counter).ifPresent(draft::counted);
        return Optional.of(draft.done());
      }
    }
    return Optional.empty();
  }
}
