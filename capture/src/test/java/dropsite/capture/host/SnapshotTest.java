package dropsite.capture.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotTest {
  private static final long OWN = 4026531840L;

  @TempDir private Path root;
  private final List<String> ran = new ArrayList<>();
  private String qdiscs = "[]";

  /** Has every program, and remembers which were run. */
  private final class Remembering implements Runner {
    @Override
    public Optional<Path> find(String program) {
      return Optional.of(Path.of("/sbin", program));
    }

    @Override
    public String target(Path program) {
      return String.valueOf(program.getFileName()).replace("tables-save", "tables-nft-save");
    }

    @Override
    public Output run(List<String> command, long mostNanos, int mostBytes) {
      ran.add(String.join(" ", command).replace("/sbin/", ""));
      String text = command.contains("qdisc") ? qdiscs : "x";
      return new Output(text.getBytes(StandardCharsets.ISO_8859_1), false, "");
    }
  }

  @BeforeEach
  void makeBox() throws IOException {
    Files.createDirectories(root.resolve("proc/self/ns"));
    Files.createSymbolicLink(root.resolve("proc/self/ns/net"), Path.of("net:[" + OWN + "]"));
    file("proc/modules", "dummy 1 0 - Live 0x1\n");
    file("proc/thread-self/net/ip_tables_names", "");
    file("proc/thread-self/net/netstat", "TcpExt: 1\n");
    file("proc/net/softnet_stat", "0000\n");
    file("proc/sys/net/ipv4/ip_forward", "1\n");
    file("proc/sys/net/ipv4/conf/eth0/rp_filter", "2\n");
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private List<SnapshotPart> take(SnapshotOptions options, Link... links)
      throws IOException, InterruptedException {
    List<SnapshotPart> parts = new ArrayList<>();
    new Snapshot(options, new HostFiles(root), new Remembering(), () -> List.of(links))
        .take(SnapshotPart.Phase.BEFORE, Set.of(), parts::add);
    return parts;
  }

  @Test
  void nothingIsRunThatCouldLoadAModule() throws IOException, InterruptedException {
    List<SnapshotPart> parts = take(SnapshotOptions.DEFAULT);
    assertThat(ran).isNotEmpty().allMatch(command -> command.matches("(ip|tc) .*"));
    List<SnapshotPart> nft = parts.stream().filter(part -> part.name().equals("nft")).toList();
    assertThat(nft).hasSize(1);
    assertThat(nft.getFirst().problem()).isEqualTo("nf_tables is not in the kernel now");
    assertThat(nft.getFirst().netns()).isZero();
  }

  @Test
  void rulesAreAskedForWhereTheirModuleIsLoadedOrBuiltIn()
      throws IOException, InterruptedException {
    file("proc/modules", "nf_tables 1 0 - Live 0x1\n");
    take(SnapshotOptions.DEFAULT);
    assertThat(ran).contains("nft -j -a list ruleset").noneMatch(text -> text.contains("tables"));
    ran.clear();
    file("proc/sys/kernel/osrelease", "6.1.0\n");
    file("lib/modules/6.1.0/modules.builtin", "kernel/net/netfilter/ipset/ip-set.ko\n");
    take(SnapshotOptions.DEFAULT);
    assertThat(ran).contains("ipset save");
  }

  @Test
  void oldTablesAreAskedForWhereTheyExist() throws IOException, InterruptedException {
    file("proc/modules", "ip_tables 1 0 - Live 0x1\nnft_compat 1 0 - Live 0x1\n");
    take(SnapshotOptions.DEFAULT);
    assertThat(ran).contains("iptables-nft-save -c").doesNotContain("iptables-legacy-save -c");
    ran.clear();
    file("proc/thread-self/net/ip_tables_names", "filter\n");
    take(SnapshotOptions.DEFAULT);
    assertThat(ran).contains("iptables-nft-save -c", "iptables-legacy-save -c");
  }

  @Test
  void filtersAreAskedForWhereTheyCanHang() throws IOException, InterruptedException {
    qdiscs =
        "[{\"kind\":\"noqueue\",\"handle\":\"0:\",\"dev\":\"lo\"},"
            + "{\"kind\":\"clsact\",\"handle\":\"ffff:\",\"dev\":\"eth0\"},"
            + "{\"kind\":\"htb\",\"handle\":\"1:\",\"dev\":\"eth1\"},"
            + "{\"kind\":\"htb\",\"handle\":\"1:\",\"dev\":\"-x\"}]";
    take(SnapshotOptions.DEFAULT);
    assertThat(ran)
        .filteredOn(command -> command.contains("filter"))
        .containsExactly(
            "tc -s -j filter show dev eth0 ingress",
            "tc -s -j filter show dev eth0 egress",
            "tc -s -j filter show dev eth1 parent 1:");
  }

  @Test
  void cardsAreAskedForTheirCounters() throws IOException, InterruptedException {
    take(
        SnapshotOptions.DEFAULT,
        new Link(1, "lo", 772, ""),
        new Link(2, "eth0", 1, ""),
        new Link(3, "veth0", 1, "veth"),
        new Link(4, "-s", 1, ""));
    assertThat(ran)
        .filteredOn(command -> command.startsWith("ethtool"))
        .containsExactly("ethtool -S eth0");
  }

  @Test
  void filesAndSettingsAreCopied() throws IOException, InterruptedException {
    List<SnapshotPart> parts = take(SnapshotOptions.DEFAULT);
    assertThat(parts).allMatch(part -> part.netns() == OWN || part.netns() == 0);
    assertThat(parts).extracting(SnapshotPart::name).contains("netstat", "softnet_stat");
    assertThat(parts)
        .filteredOn(part -> part.name().equals("sysctl"))
        .extracting(part -> new String(part.bytes(), StandardCharsets.ISO_8859_1))
        .containsExactly("net/ipv4/conf/eth0/rp_filter = 2\nnet/ipv4/ip_forward = 1\n");
  }

  @Test
  void partsCanBeLeftOut() throws IOException, InterruptedException {
    List<SnapshotPart> parts =
        take(SnapshotOptions.DEFAULT.without(Set.of("ip", "tc-qdisc", "netstat")));
    assertThat(parts)
        .extracting(SnapshotPart::name)
        .contains("sysctl", "nft")
        .doesNotContain("netstat", "tc-qdisc")
        .noneMatch(name -> name.startsWith("ip-"));
    assertThat(take(SnapshotOptions.DEFAULT.without(Set.of("all")))).isEmpty();
  }

  @Test
  void namesOfPartsAreKnownBeforehand() throws IOException, InterruptedException {
    file("proc/modules", "nft_compat 1 0 - Live 0x1\n");
    assertThat(take(SnapshotOptions.DEFAULT))
        .extracting(SnapshotPart::name)
        .isNotEmpty()
        .allMatch(Snapshot.names()::contains);
  }

  @Test
  void whatThereIsNoTimeForSaysSo() throws IOException, InterruptedException {
    assertThat(take(new SnapshotOptions(Set.of(), 1, 0, 1 << 20, 1 << 20, 1)))
        .filteredOn(part -> part.name().equals("ip-link"))
        .extracting(SnapshotPart::problem)
        .containsExactly("no time was left for it");
    assertThat(ran).isEmpty();
  }

  @Test
  void allPartsTogetherAreBounded() throws IOException, InterruptedException {
    SnapshotOptions small =
        new SnapshotOptions(
            Set.of(), TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(30), 1 << 20, 20, 1);
    List<SnapshotPart> parts = take(small);
    assertThat(parts)
        .filteredOn(part -> part.name().equals("sysctl"))
        .extracting(SnapshotPart::cut)
        .containsExactly(true);
    assertThat(parts.stream().mapToInt(part -> part.bytes().length).sum()).isEqualTo(20);
  }
}
