package dropsite.cli;

import dropsite.command.Output;
import dropsite.command.Streams;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How faddr2line shows what it found. */
sealed interface FunctionAnswers {

  /** Shows one match and its frames. */
  void match(FunctionOffset place, FunctionMatches.Match match, List<SourceFrame> frames)
      throws IOException;

  /**
   * Shows that nothing matched.
   *
   * @param reasons why the symbols of that name were left out; a sentence each
   */
  void unresolved(String text, String problem, List<String> reasons) throws IOException;

  /** The text of the kernel's scripts/faddr2line. */
  final class Script implements FunctionAnswers {
    private static final String UNKNOWN = "??";

    private final Streams streams;
    private final Output out;
    private final SourceRoot root;
    private final boolean withSource;
    private final Set<Path> unreadable = new HashSet<>();
    private boolean first = true;

    Script(Streams streams, SourceRoot root, boolean withSource) {
      this.streams = streams;
      this.out = streams.out();
      this.root = root;
      this.withSource = withSource;
    }

    @Override
    public void match(FunctionOffset place, FunctionMatches.Match match, List<SourceFrame> frames) {
      if (!first) {
        out.newline();
      }
      first = false;
      out.name(place.name()).text("+").name(place.offsetText());
      out.text("/0x").text(Long.toHexString(match.sizeBytes())).text(":\n");
      if (frames.isEmpty()) {
        frame(new SourceFrame(null, null, null, 0, 0, 0, false), "");
      }
      for (int i = 0; i < frames.size(); i++) {
        frame(frames.get(i), i == 0 ? "" : "(inlined by) ");
      }
    }

    private void frame(SourceFrame frame, String lead) {
      if (withSource) {
        out.newline();
      }
      String name = frame.displayName();
      out.text(lead).name(name == null ? UNKNOWN : name).text(" at ");
      String file = frame.file();
      if (file == null) {
        out.text("??:0\n");
        return;
      }
      String path = root.strip(file);
      out.name(path).text(":");
      GnuFormat.position(out, frame);
      out.newline();
      if (withSource && frame.line() != 0) {
        list(path, Integer.toUnsignedLong(frame.line()));
      }
    }

    private void list(String path, long line) {
      Path source = Path.of(path);
      if (unreadable.contains(source)) {
        return;
      }
      try {
        SourceListing.print(out, source, line);
      } catch (IOException e) {
        unreadable.add(source);
        streams.say(path + ": cannot read this source (run in the kernel's source tree)");
      }
    }

    @Override
    public void unresolved(String text, String problem, List<String> reasons) {
      reasons.forEach(reason -> out.name(reason).newline());
    }
  }

  /** One JSON object a match, and one for what has none. */
  final class Json implements FunctionAnswers {
    private final FrameJson json;
    private final SourceRoot root;

    Json(Output out, SourceRoot root) throws IOException {
      this.json = new FrameJson(out);
      this.root = root;
    }

    @Override
    public void match(FunctionOffset place, FunctionMatches.Match match, List<SourceFrame> frames)
        throws IOException {
      json.begin(place.text())
          .text("symbol", match.symbol().name())
          .number("offset", place.offsetBytes())
          .number("size", match.sizeBytes())
          .text("section", match.symbol().section())
          .address("linkAddress", match.linkAddress())
          .frames(frames, root::strip)
          .end();
    }

    @Override
    public void unresolved(String text, String problem, List<String> reasons) throws IOException {
      json.begin(text).text("error", problem).texts("reasons", reasons).end();
    }
  }
}
