package dropsite.capture.host;

import dropsite.btf.Btf;
import dropsite.btf.BtfKind;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads how this very kernel numbers drop reasons: from the types of the kernel and of its modules,
 * else from the text with which its tracepoint prints them.
 */
final class ReasonReader {
  private static final String TYPES = "sys/kernel/btf";
  private static final String KERNEL = "vmlinux";

  /**
   * Names of such enums hold this: skb_drop_reason, skb_drop_reason_subsys, mac80211_drop_reason.
   */
  private static final String DROP_REASON = "drop_reason";

  private static final String FORMAT = "events/skb/kfree_skb/format";

  /** Where tracefs is usually mounted. */
  private static final List<String> TRACING =
      List.of("sys/kernel/tracing", "sys/kernel/debug/tracing");

  private static final int MOST_BTF_BYTES = 1 << 26;

  private final HostFiles files;

  ReasonReader(HostFiles files) {
    this.files = files;
  }

  List<ReasonEnum> read() {
    List<ReasonEnum> reasons = new ArrayList<>();
    Btf kernel = types(KERNEL, null);
    if (kernel != null) {
      addAll(reasons, KERNEL, kernel);
      for (String name : files.names(TYPES)) {
        Btf module = name.equals(KERNEL) ? null : types(name, kernel);
        if (module != null) {
          addAll(reasons, name, module);
        }
      }
    }
    if (reasons.isEmpty()) {
      TRACING.stream()
          .map(folder -> ReasonFormat.read(files.text(folder + "/" + FORMAT)))
          .filter(names -> !names.isEmpty())
          .findFirst()
          .ifPresent(names -> reasons.add(new ReasonEnum("format", "skb_drop_reason", names)));
    }
    return reasons;
  }

  private @Nullable Btf types(String name, @Nullable Btf kernel) {
    String path = TYPES + "/" + name;
    try {
      byte[] bytes = files.read(path, MOST_BTF_BYTES);
      Bytes file = new Bytes("/" + path, "BTF", MemorySegment.ofArray(bytes), false);
      return kernel == null ? Btf.read(file) : Btf.read(file, kernel);
    } catch (IOException | MalformedInputException e) {
      return null;
    }
  }

  private static void addAll(List<ReasonEnum> reasons, String origin, Btf types) {
    try {
      for (String name : new TreeSet<>(types.names(BtfKind.ENUM))) {
        if (name.contains(DROP_REASON)) {
          Map<Integer, String> names = new TreeMap<>();
          // Markers such as _MAX come last and must not hide a reason of the same number.
          types
              .enumerators(name)
              .forEach((text, number) -> names.putIfAbsent(number.intValue(), text));
          reasons.add(new ReasonEnum(origin, name, names));
        }
      }
    } catch (MalformedInputException e) {
      return; // the reasons found before it count
    }
  }
}
