package dropsite.capture.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dropsite.capture.host.HostKernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a box below a folder: at first one on which everything works but for its types. */
final class FakeBox {
  private static final String TRACING = "sys/kernel/tracing/";
  private final Path root;
  private String machine = "x86_64";
  private String release = "6.1.0-56-amd64";
  private Map<String, Long> symbols = Map.of("_text", 0xffff_ffff_8100_0000L);
  private NativeLibraries libraries =
      new NativeLibraries("libbpf.so.1 (v1.1)", Optional.of(true), "libpcap.so.0.8");

  FakeBox(Path root) throws IOException {
    this.root = root;
    file("proc/self/status", "Name:\tx\nCapEff:\t000001ffffffffff\n");
    file(
        "proc/self/mounts",
        "proc /proc proc rw,relatime 0 0\nnone /sys/kernel/tracing tracefs rw 0 0\n");
    file(
        "proc/self/limits",
        "Max locked memory         8388608              8388608              bytes\n");
    link("proc/self/ns/user", "user:[4026531837]");
    link("proc/self/ns/pid", "pid:[4026531836]");
    file("proc/sys/kernel/unprivileged_bpf_disabled", "2\n");
    file("proc/sys/kernel/perf_event_paranoid", "3\n");
    file("proc/sys/kernel/kptr_restrict", "1\n");
    file("proc/sys/net/core/bpf_jit_enable", "1\n");
    file("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
    file(
        TRACING + "events/skb/kfree_skb/format",
        """
        name: kfree_skb
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

        \tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;
        \tfield:enum skb_drop_reason reason;\toffset:28;\tsize:4;\tsigned:0;
        """);
    file(
        TRACING + "README",
        "\t            e[:[<group>/][<event>]] <attached-group>.<attached-event>\n");
    file(TRACING + "dynamic_events", "");
    Files.createDirectories(root.resolve(TRACING + "instances"));
    for (String tool :
        List.of(
            "nft",
            "iptables-save",
            "ip6tables-save",
            "arptables-save",
            "ebtables-save",
            "ip",
            "tc",
            "ethtool",
            "bpftrace")) {
      file("usr/sbin/" + tool, "").toFile().setExecutable(true);
    }
  }

  /**
   * Adds the kernel's types (Documentation/bpf/btf.rst): those that the tracepoint's arguments
   * take.
   */
  void types(boolean withReason) throws IOException {
    byte[] strings = "\0sk_buff\0skb_drop_reason\0btf_trace_kfree_skb\0".getBytes(US_ASCII);
    int arguments = withReason ? 4 : 3;
    ByteBuffer types = ByteBuffer.allocate(7 * 12 + arguments * 8).order(ByteOrder.LITTLE_ENDIAN);
    type(types, 0, 2 << 24, 0); // 1: void *
    type(types, 1, 4 << 24, 8); // 2: struct sk_buff
    type(types, 0, 2 << 24, 2); // 3: struct sk_buff *
    type(types, 9, 6 << 24, 4); // 4: enum skb_drop_reason
    type(types, 0, 13 << 24 | arguments, 0); // 5: a function of these
    for (int argument : new int[] {1, 3, 1, 4}) {
      if (types.remaining() > 2 * 12) {
        types.putInt(0).putInt(argument);
      }
    }
    type(types, 0, 2 << 24, 5); // 6: pointer to it
    type(types, 25, 8 << 24, 6); // 7: btf_trace_kfree_skb
    ByteBuffer file =
        ByteBuffer.allocate(24 + types.capacity() + strings.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
    file.putInt(0).putInt(types.capacity()).putInt(types.capacity()).putInt(strings.length);
    file.put(types.array()).put(strings);
    Files.write(file("sys/kernel/btf/vmlinux", ""), file.array());
  }

  private static void type(ByteBuffer types, int name, int info, int sizeOrType) {
    types.putInt(name).putInt(info).putInt(sizeOrType);
  }

  Path file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  void link(String path, String target) throws IOException {
    Path link = root.resolve(path);
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(target));
  }

  void without(String path) throws IOException {
    Files.delete(root.resolve(path));
  }

  void kernel(String release, String machine) {
    this.release = release;
    this.machine = machine;
  }

  void withoutSymbols() {
    symbols = Map.of();
  }

  void libraries(NativeLibraries libraries) {
    this.libraries = libraries;
  }

  List<Check> examine() {
    HostKernel kernel =
        new HostKernel(
            release,
            "#1 SMP",
            machine,
            "0123abcd",
            new byte[0],
            symbols,
            "",
            "",
            "",
            "",
            List.of());
    return new Doctor(root, kernel, libraries, List.of(Path.of("/usr/sbin"))).examine(root);
  }

  static HostKernel unknownKernel() {
    return new HostKernel("", "", "", "", new byte[0], Map.of(), "", "", "", "", List.of());
  }

  Check check(Topic topic) {
    return examine().stream().filter(each -> each.topic() == topic).findFirst().orElseThrow();
  }

  SourceChoice.Verdict verdict(String source) {
    return SourceChoice.from(examine()).verdicts().stream()
        .filter(each -> each.source().equals(source))
        .findFirst()
        .orElseThrow();
  }
}
