package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/** What the columns of pwru say, as text or as JSON (internal/pwru/output.go). */
final class PwruFacts {
  private static final String REASON = "(SKB_DROP_REASON_";

  private PwruFacts() {}

  /**
   * Puts together what is said beside a stack.
   *
   * @param process {@code [curl]}, later {@code /usr/bin/curl:17}, the begin of a long one cut off
   *     behind a tilde
   * @param function with the reason behind it: {@code (SKB_DROP_REASON_…)}, or {@code (17)} behind
   *     a blank where the kernel's BTF has no name for it
   * @param device {@code eth0:2}, or the number alone
   * @param netns inode number of the network namespace
   */
  static EventFacts of(
      String process,
      LineCursor function,
      String device,
      @Nullable Long netns,
      @Nullable PacketSummary packet) {
    Long reasonNumber = null;
    String reasonName = null;
    if (function.skipBehind(REASON)) {
      reasonName = function.symbol();
    } else if (function.skipBehind(" (")) {
      Long number = function.number();
      reasonNumber = function.accept(")") ? number : null;
    }
    int colon = process.lastIndexOf(':');
    Long pid = colon < 0 ? null : number(process.substring(colon + 1));
    return new EventFacts(
        null,
        comm(process, pid == null ? -1 : colon),
        pid == null ? null : pid.intValue(),
        beforeNumber(device),
        netns == null || netns == 0 ? null : netns,
        reasonNumber,
        reasonName,
        null,
        null,
        packet);
  }

  /** Returns the number that a text is, or null. */
  static @Nullable Long number(String text) {
    LineCursor cursor = LineCursor.of(text);
    Long number = cursor.number();
    return cursor.atEnd() ? number : null;
  }

  private static @Nullable String comm(String process, int colon) {
    boolean bracketed = process.startsWith("[") && process.endsWith("]");
    if (colon < 0 && !bracketed) {
      return null;
    }
    String path =
        bracketed ? process.substring(1, process.length() - 1) : process.substring(0, colon);
    int slash = path.lastIndexOf('/');
    boolean cut = path.startsWith("~") && slash < 0;
    String name = path.substring(slash + 1);
    return cut || name.isEmpty() || name.startsWith("<") ? null : name;
  }

  private static @Nullable String beforeNumber(String device) {
    int colon = device.lastIndexOf(':');
    return colon <= 0 || device.startsWith("~") ? null : device.substring(0, colon);
  }
}
