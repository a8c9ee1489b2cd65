package dropsite.analyze.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Whose JSON a text is, told by the names in its objects. */
enum JsonShape {
  /** Events as {@link JsonEvents} describes them, or what bpftrace prints. */
  EVENTS,
  /** Events of retis. */
  RETIS,
  /** What pwru prints. */
  PWRU,
  /** Objects with kernel stacks as {@link KernelStackJson} describes them. */
  KERNEL_STACKS,
  /** Something else, or no JSON. */
  OTHER;

  private static final Set<String> NAMES_OF_EVENTS =
      Set.of("stack", "time_ns", "ifname", "netns_sk", "netns_dev", "packet_offset");

  private static final Set<String> NAMES_OF_RETIS =
      Set.of("common", "kernel", "startup", "skb-tracking", "skb-drop");

  private static final String KERNEL_STACK = "kernel_stack";

  private static final int LONGEST_NAME_CHARS = 16;

  /**
   * Reads up to the first name that tells, no further: whoever writes the input may wait for what
   * comes of it.
   *
   * @param mostBytes to read
   */
  static JsonShape of(InputStream input, int mostBytes) throws IOException {
    StringBuilder text = new StringBuilder();
    int objects = 0;
    boolean quoted = false;
    boolean escaped = false;
    boolean opened = false;
    String before = "";
    for (int i = 0; i < mostBytes; i++) {
      int b = input.read();
      boolean blank = b == ' ' || b == '\t' || b == '\r' || b == '\n';
      // Other texts begin with braces too: entries of ftrace's histograms.
      boolean strange = opened ? b != '"' && b != '}' : objects == 0 && !mayComeBefore(b);
      if (b < 0 || (strange && !blank)) {
        return OTHER;
      }
      opened = (b == '{' && !quoted) || (opened && blank);
      if (quoted) {
        quoted = b != '"' || escaped;
        escaped = b == '\\' && !escaped;
        if (quoted && text.length() <= LONGEST_NAME_CHARS) {
          text.append((char) b);
        }
        continue;
      }
      switch (b) {
        case '"' -> {
          text.setLength(0);
          quoted = true;
        }
        case '{' -> objects++;
        case '}' -> objects--;
        case ':' -> {
          if (text.indexOf(KERNEL_STACK) == 0 && text.length() == KERNEL_STACK.length()) {
            return isOnOneLine(input, mostBytes - i) ? KERNEL_STACKS : OTHER;
          }
          if (objects == 1) {
            String name = text.toString();
            JsonShape shape = ofName(name, before);
            if (shape != OTHER) {
              return shape;
            }
            before = name;
          }
        }
        default -> {
          // Values tell nothing.
        }
      }
    }
    return OTHER;
  }

  /** Returns whether an array that comes next begins without a line end: {@code ["name…}. */
  private static boolean isOnOneLine(InputStream input, int mostBytes) throws IOException {
    for (int i = 0; i < mostBytes; i++) {
      int b = input.read();
      if (b != ' ' && b != '[') {
        return b == '"';
      }
    }
    return false;
  }

  /** Returns whether a byte may stand between objects, which may be in arrays. */
  private static boolean mayComeBefore(int b) {
    return switch (b) {
      case '[', ']', ',', '{' -> true;
      default -> false;
    };
  }

  private static JsonShape ofName(String name, String before) {
    if (NAMES_OF_EVENTS.contains(name) || (name.equals("data") && before.equals("type"))) {
      return EVENTS;
    }
    if (name.equals("func")) {
      return PWRU;
    }
    return NAMES_OF_RETIS.contains(name) ? RETIS : OTHER;
  }
}
