package dropsite.capture.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a box with root, iproute2, nft and iptables: in a network namespace made for the test. */
@Tag("host")
final class SnapshotHostTest {
  private static final String NAME = "dropsite-test";
  private static final String DEVICE = "dropsite0";
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final HostFiles files = new HostFiles(Path.of("/"));
  private final ChildProcess runner = new ChildProcess();

  @BeforeEach
  void makeNamespace() throws InterruptedException {
    run("ip netns add " + NAME);
    run("ip -n " + NAME + " link add " + DEVICE + " type veth peer name dropsite1");
    run("ip -n " + NAME + " addr add 198.51.100.7/24 dev " + DEVICE);
    run("ip -n " + NAME + " link set " + DEVICE + " up");
    run("ip netns exec " + NAME + " iptables-legacy -A INPUT -s 203.0.113.9 -j DROP");
    run("ip netns exec " + NAME + " nft add table inet dropsite");
  }

  @AfterEach
  void removeNamespace() throws InterruptedException {
    run("ip netns del " + NAME);
  }

  private String run(String line) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(line.split(" ")));
    command.set(0, runner.find(command.getFirst()).orElseThrow().toString());
    Runner.Output output = runner.run(command, MOST_NANOS, 1 << 20);
    assertThat(output.problem()).as(line).isEmpty();
    return new String(output.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static long inode() throws IOException {
    return ((Number) Files.getAttribute(Path.of("/run/netns", NAME), "unix:ino")).longValue();
  }

  private static List<SnapshotPart> take() throws IOException, InterruptedException {
    List<SnapshotPart> parts = new ArrayList<>();
    Snapshot.ofThisBox(SnapshotOptions.DEFAULT)
        .take(SnapshotPart.Phase.BEFORE, Set.of(), parts::add);
    return parts;
  }

  private static String text(List<SnapshotPart> parts, String name) throws IOException {
    long netns = inode();
    return parts.stream()
        .filter(part -> part.netns() == netns && part.name().equals(name))
        .map(part -> new String(part.bytes(), StandardCharsets.ISO_8859_1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void programsAndFilesAreThoseOfTheNamespace() throws IOException, InterruptedException {
    List<SnapshotPart> parts = take();
    assertThat(text(parts, "nft")).contains("dropsite");
    assertThat(text(parts, "iptables-legacy")).contains("203.0.113.9");
    assertThat(text(parts, "ip-addr")).contains("198.51.100.7").contains(DEVICE);
    assertThat(text(parts, "sysctl")).contains("net/ipv4/conf/" + DEVICE + "/rp_filter");
  }

  @Test
  void aProgramRunsWhereTheThreadIsThatStartsIt() throws IOException, InterruptedException {
    NetworkNamespace space =
        new NamespaceSearch(files)
            .find().stream().filter(each -> each.names().contains(NAME)).findFirst().orElseThrow();
    assertThat(space.call(() -> run("readlink /proc/self/ns/net")))
        .isEqualTo("net:[" + inode() + "]\n");
  }

  @Test
  void devicesOfOtherNamespacesAreNamed() throws IOException, InterruptedException {
    NetworkNames names =
        HostFacts.ofThisBox().names().stream()
            .filter(each -> each.names().contains(NAME))
            .findFirst()
            .orElseThrow();
    assertThat(names.netns()).isEqualTo(inode());
    assertThat(names.interfaces())
        .extracting(NetworkNames.Interface::name)
        .contains("lo", DEVICE, "dropsite1");
  }

  @Test
  void theKernelAndItsReasonsAreThoseThatRun() throws IOException, InterruptedException {
    HostKernel kernel = HostFacts.ofThisBox().kernel(List.of(HostFacts.clocks()));
    assertThat(kernel.release()).isEqualTo(run("uname -r").strip());
    assertThat(kernel.version()).isEqualTo(run("uname -v").strip());
    assertThat(kernel.machine()).isEqualTo(run("uname -m").strip());
    assertThat(kernel.clocks().getFirst().bootNanos()).isPositive();
    assertThat(HostFacts.ofThisBox().reasons())
        .anySatisfy(
            reason -> assertThat(reason.names()).containsValue("SKB_DROP_REASON_NETFILTER_DROP"));
  }

  @Test
  void nothingIsLoadedOrChanged() throws IOException, InterruptedException {
    Map<String, String> before = state();
    take();
    assertThat(state()).isEqualTo(before);
  }

  /** What a careless question could change: modules, tables that exist, rules and settings. */
  private Map<String, String> state() throws IOException, InterruptedException {
    Map<String, String> state = new TreeMap<>();
    state.put("modules", String.join(" ", files.names("sys/module")));
    state.put("loaded", files.text("proc/modules").replaceAll("(?m)^(\\S+).*", "$1"));
    for (NetworkNamespace space : new NamespaceSearch(files).find()) {
      if (space.own() || space.named()) {
        state.put("in " + space.inode(), space.call(this::stateOfNamespace));
      }
    }
    return state;
  }

  private String stateOfNamespace() throws InterruptedException {
    String tables = "";
    for (String family : List.of("ip", "ip6", "arp")) {
      tables += files.text("proc/thread-self/net/" + family + "_tables_names") + "\n";
    }
    return tables + new Sysctls().text(files) + run("nft list ruleset");
  }
}
