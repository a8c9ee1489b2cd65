package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PastedLineTest {
  private static final List<String> OOPS =
      List.of(
          "BUG: kernel NULL pointer dereference, address: 0000000000000008",
          "RIP: 0010:inner+0x1c/0x30 [some_module]",
          "Call Trace:",
          " <TASK>",
          " middle+0x20/0x40",
          " ? stale+0x8/0x10",
          " outer+0x30/0x50",
          " </TASK>");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "> ",
        ">> ",
        "> > ",
        "    > ",
        "> [   12.345678] ",
        ">[   12.345678] ",
        "> Nov 21 17:25:01 web1 kernel: ",
        "> \t[   12.345678] ",
        "  [   12.345678] ",
        "    [   12.345678] ",
        "\t[   12.345678] ",
        "    [   12.345678][    T9] ",
        "    [Sat Nov 21 17:13:47 2026] ",
        "    <4>[   12.345678] ",
        "    Nov 21 17:25:01 web1 kernel: [   12.345678] ",
        "    2026-11-21T17:13:47+0000 web1 kernel: ",
        "    kernel: ",
        "<4>Nov 21 17:25:01 web1 kernel: ",
        "<4>Nov 21 17:25:01 web1 kernel: [   12.345678] ",
        "<6>2026-11-21T17:13:47.123456+00:00 web1 kernel: ",
        "<4>1 2026-11-21T17:13:47.123Z web1 kernel - - - ",
        "<4>1 2026-11-21T17:13:47.123Z web1 kernel - - - [   12.345678] ",
        "<4>1 2026-11-21T17:13:47.123Z - kernel 1 ID [a@1 b=\"c \\] d\"][e] \u00ef\u00bb\u00bf",
        "kernel: ",
        "kernel: [   12.345678] ",
        "dmesg.log:[   12.345678] ",
        "log/kern-2.log-12-[   12.345678] ",
        "12:[   12.345678] ",
        "12-[Sat Nov 21 17:13:47 2026] ",
        "kern.log:Nov 21 17:25:01 web1 kernel: [   12.345678] ",
        "kern.log:12:2026-11-21T17:13:47+0000 web1 kernel: ",
        "2026-11-21T17:13:47.123456789Z stderr F [   12.345678] ",
        "2026-11-21T17:13:47.123456789Z stdout F ",
        "web1  | [   12.345678] ",
        "\r",
        "\r[   12.345678] ",
        "\u001b[32m[   12.345678] \u001b[0m",
        "\u001b[1;31m",
      })
  void aStackIsFoundWhereverItWasCopiedFrom(String prefix) throws IOException {
    assertThat(frames(prefix, ""))
        .containsExactly("inner+28", "middle+32", "? stale+8", "outer+48");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b[0m", "\u001b[m", "\u001b[31m\u001b[0m"})
  void coloursMayEndALine(String colour) throws IOException {
    assertThat(frames("Nov 21 17:25:01 web1 kernel: \u001b[31m", colour))
        .containsExactly("inner+28", "middle+32", "? stale+8", "outer+48");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "> ",
        ">> ",
        "    [   12.345678] ",
        "<4>Nov 21 17:25:01 web1 kernel: ",
        "<4>1 2026-11-21T17:13:47.123Z web1 kernel - - - ",
        "kernel: ",
        "12:[   12.345678] ",
        "web1  | [   12.345678] ",
        "2026-11-21T17:13:47.123456789Z stdout F ",
      })
  void theBlanksOfTheFrameAreKept(String prefix) {
    LineCursor cursor = LineCursor.of(prefix + "  f+0x1/0x2");
    PastedLine.skip(cursor);
    assertThat(cursor.remaining()).isEqualTo("  f+0x1/0x2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\tffffffff81234567 f+0x1 ([kernel.kallsyms])",
        "        f+12",
        " => f",
        "    [<ffffffff81234567>] f+0x1/0x2",
        "          task-123     [001] ..s1.   12.345678: consume_skb: skbaddr=1",
        "  @[",
        "    kernel_thread+0x1/0x2",
        "    12 packets",
        ">f+0x1/0x2",
        "a;b:c;d 12",
        "task-123 [001] 12.345678: net:x:",
        "file:12: f+0x1/0x2",
        "file:[12] f",
        "file-[C1] f",
        "name | f+0x1/0x2",
        "name | [f] 1",
        "\u001b[32",
        "\u001b",
      })
  void whatALineOfAnotherFormatBeginsWithIsLeft(String line) {
    LineCursor cursor = LineCursor.of(line);
    assertThat(PastedLine.skip(cursor)).isEqualTo(LinePrefix.NO_PREFIX);
    assertThat(cursor.position()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<4>1 2026-11-21T17:13:47.123Z web1 sshd 12 - - f+0x1/0x2",
        "<4>Nov 21 17:25:01 web1 sshd[12]: f+0x1/0x2",
        "> Nov 21 17:25:01 web1 sshd[12]: f+0x1/0x2",
      })
  void linesOfOtherProgramsAreTold(String line) {
    assertThat(PastedLine.skip(LineCursor.of(line))).isEqualTo(LinePrefix.OTHERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<4>", "> ", ">", "\r", "[1", "1-", "2026-11-21T", "<4>1 ", "kernel: "})
  void prefixesWithoutEndAreNoStack(String piece) throws IOException {
    assertThat(frames(piece.repeat(20_000), "")).isEmpty();
  }

  private static List<String> frames(String prefix, String suffix) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : OOPS) {
      text.append(prefix).append(line).append(suffix).append('\n');
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    List<String> frames = new ArrayList<>();
    try (StackText stacks = new StackText("t", new ByteArrayInputStream(bytes))) {
      for (TextPiece piece = stacks.next(); piece != null; piece = stacks.next()) {
        if (piece instanceof TextPiece.Stacks found) {
          for (StackEvent event : found.events()) {
            for (StackFrame frame : event.frames()) {
              frames.add(
                  (frame.unreliable() ? "? " : "") + frame.symbol() + "+" + frame.offsetBytes());
            }
          }
        }
      }
    }
    return frames;
  }
}
