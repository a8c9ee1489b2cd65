package dropsite.capture.script;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The bpftrace scripts that record drops, of which one fits a kernel. */
public enum BpftraceScript {
  /** For kernels whose tracepoint says why. */
  WITH_REASON("drops.bt"),
  /** For older ones. */
  WITHOUT_REASON("drops-noreason.bt");

  /** A line of a tracepoint's format file, behind which its print format begins. */
  private static final Pattern REASON_FIELD = Pattern.compile("(?m)^\\s*field:[^;]*\\breason;");

  private final String resource;

  BpftraceScript(String resource) {
    this.resource = resource;
  }

  /**
   * Returns the script that fits the kernel.
   *
   * @param format file of the tracepoint skb:kfree_skb in tracefs: {@code
   *     events/skb/kfree_skb/format}
   */
  public static BpftraceScript forTracepoint(Path format) throws IOException {
    String text = Files.readString(format, StandardCharsets.ISO_8859_1);
    return REASON_FIELD.matcher(text).find() ? WITH_REASON : WITHOUT_REASON;
  }

  /** Returns its text. */
  public String text() throws IOException {
    try (InputStream input = BpftraceScript.class.getResourceAsStream(resource)) {
      if (input == null) {
        throw new FileNotFoundException(resource);
      }
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
