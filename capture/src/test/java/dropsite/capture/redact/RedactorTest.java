package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.SnapshotPart;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RedactorTest {
  private final Redactor redactor = Redactor.withRandomKey("acme-db1");

  private static DropEvent event(String comm, String device) {
    byte[] packet =
        HexFormat.of().parseHex("4500001c1a2b40004011000cc0000201c63364070035d4310008aaaa41434d45");
    return new DropEvent(
        5,
        1,
        false,
        2,
        3,
        4,
        new long[] {6, 7},
        false,
        new DropEvent.Task(8, 9, comm, 10, true),
        new DropEvent.Device(11, device, 1, 12, 13),
        DropEvent.Socket.NONE,
        new DropEvent.Packet(
            0x0800,
            0,
            32,
            0,
            -1,
            HexFormat.of().parseHex("5254001a2b3c5254001a2b3d0800"),
            packet,
            32));
  }

  @Test
  void eventsKeepWhatIsNoName() {
    DropEvent before = event("acmed", "acme0");
    DropEvent after = redactor.redact(before);
    assertThat(after.stack()).isEqualTo(before.stack());
    assertThat(after.packet().originalBytes()).isEqualTo(32);
    assertThat(after.packet().bytes()).hasSize(28);
    assertThat(after.packet().macHeader()).hasSize(14).isNotEqualTo(before.packet().macHeader());
    assertThat(after.device().name()).matches("[a-z]{4}\\d").isNotEqualTo("acme0");
    assertThat(after.task().comm()).matches("[a-z]{5}").isNotEqualTo("acmed");
    assertThat(after.device().netns()).isEqualTo(12);
    assertThat(after.task().pid()).isEqualTo(8);
  }

  @Test
  void tasksOfTheKernelKeepTheirNames() {
    for (String comm : List.of("swapper/0", "ksoftirqd/1", "kworker/u4:2", "napi/eth0-12", "")) {
      assertThat(redactor.redact(event(comm, "lo")).task().comm()).isEqualTo(comm);
    }
  }

  @Test
  void tasksOfTheKernelAreNamedAfterTheDeviceThatEventsName() {
    for (String device : List.of("acmewan0", "corp-x")) {
      String name = redactor.redact(event("x", device)).device().name();
      assertThat(name).isNotEqualTo(device);
      for (String comm :
          List.of("napi/%s-7", "napi/%s-", "napi/%s", "irq/45-%s", "irq/45-s-%s", "irq/45-%s-0")) {
        assertThat(redactor.redact(event(comm.formatted(device), "lo")).task().comm())
            .isEqualTo(comm.formatted(name));
      }
    }
    assertThat(redactor.redact(event("irq/45-eth0", "lo")).task().comm()).isEqualTo("irq/45-eth0");
  }

  @Test
  void aDeviceHasOneNameEverywhere() {
    String name = redactor.redact(event("x", "acme0")).device().name();
    NetworkNames names =
        redactor.redact(
            new NetworkNames(
                12,
                List.of("acme", "(root)"),
                List.of(1),
                List.of(new NetworkNames.Interface(11, "acme0", 1))));
    assertThat(names.interfaces().getFirst().name()).isEqualTo(name);
    assertThat(names.names()).contains("(root)").doesNotContain("acme");
    SnapshotPart part =
        redactor.redact(
            new SnapshotPart(
                "ethtool",
                SnapshotPart.Phase.AFTER,
                12,
                1,
                "/usr/sbin/ethtool -S acme0",
                "[{\"ifname\":\"acme0\"}]".getBytes(StandardCharsets.ISO_8859_1),
                false,
                ""));
    assertThat(part.origin()).isEqualTo("/usr/sbin/ethtool -S " + name);
    assertThat(new String(part.bytes(), StandardCharsets.ISO_8859_1))
        .isEqualTo("[{\"ifname\":\"" + name + "\"}]");
  }

  @Test
  void theKernelLosesItsHostNameAndCommandLine() {
    HostKernel kernel =
        redactor.redact(
            new HostKernel(
                "6.1.0",
                "#1",
                "x86_64",
                "ab",
                new byte[0],
                Map.of(),
                "orc",
                "boot",
                "acme-db1",
                "root=UUID=1 ip=192.0.2.1",
                List.of()));
    assertThat(kernel.hostName()).matches("[a-z]{4}-[a-z]{2}\\d").isNotEqualTo("acme-db1");
    assertThat(kernel.commandLine()).isEmpty();
    assertThat(kernel.buildId()).isEqualTo("ab");
  }
}
