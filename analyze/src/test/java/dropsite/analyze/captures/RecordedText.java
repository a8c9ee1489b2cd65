package dropsite.analyze.captures;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.input.StackText;
import dropsite.analyze.input.TextPiece;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A text of stacks that a booted kernel or a tool on it printed, with the truth beside it.
 *
 * @param kernel folder in testdata/stacks
 * @param name without its suffix
 */
record RecordedText(String kernel, String name) {
  private static final String SUFFIX = ".txt";
  private static final String BELOW_ENTRY = "below entry";
  private static final Path FOLDER = Path.of("..", "testdata", "stacks");

  /** Release series that the texts are of. */
  static final List<String> KERNELS = List.of("6.1", "6.12", "arm64");

  static Path folder(String kernel) {
    return FOLDER.resolve(kernel);
  }

  /** Returns the texts of a kernel, by name. */
  static List<RecordedText> of(String kernel) throws IOException {
    try (Stream<Path> files = Files.list(folder(kernel))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .sorted()
          .map(name -> new RecordedText(kernel, name.substring(0, name.length() - SUFFIX.length())))
          .toList();
    }
  }

  @Override
  public String toString() {
    return kernel + "/" + name + SUFFIX;
  }

  /** Returns what is true of each frame, in the order of the text's lines. */
  List<KnownFrame> truth() throws IOException {
    List<KnownFrame> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder(kernel).resolve(name + ".truth.tsv"))) {
      if (!line.startsWith("#")) {
        rows.add(KnownFrame.of(line.split("\t", -1)));
      }
    }
    return rows;
  }

  /** Returns what other symbolizers say of each place: before it, and at it. */
  static Map<String, List<String>> chains(String kernel) throws IOException {
    Map<String, List<String>> chains = new HashMap<>();
    for (String line : Files.readAllLines(folder(kernel).resolve("frames.tsv"))) {
      String[] columns = line.split("\t", -1);
      if (!line.startsWith("#")) {
        chains.put(columns[0] + " " + columns[1], List.of(columns[2], columns[3]));
      }
    }
    return chains;
  }

  /** Returns the text as it stands. */
  byte[] bytes() throws IOException {
    return Files.readAllBytes(folder(kernel).resolve(name + SUFFIX));
  }

  /** Returns the lines that come out of the reader, one after the other. */
  byte[] copied() throws IOException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (StackText text = new StackText(toString(), new ByteArrayInputStream(bytes()))) {
      for (TextPiece piece = text.next(); piece != null; piece = text.next()) {
        switch (piece) {
          case TextPiece.Other other -> other.line().writeTo(copy);
          case TextPiece.Stacks run -> {
            for (TextPiece.Line line : run.lines()) {
              line.raw().writeTo(copy);
            }
          }
        }
      }
    }
    return copy.toByteArray();
  }

  /** Returns the frames that are found in the text, stacks in order. */
  List<FoundFrame> frames() throws IOException {
    List<FoundFrame> found = new ArrayList<>();
    long lineNumber = 0;
    int stacks = 0;
    try (StackText text = new StackText(toString(), new ByteArrayInputStream(bytes()))) {
      for (TextPiece piece = text.next(); piece != null; piece = text.next()) {
        if (!(piece instanceof TextPiece.Stacks run)) {
          lineNumber++;
          continue;
        }
        for (TextPiece.Line line : run.lines()) {
          lineNumber++;
          for (TextPiece.FrameAt at : line.frames()) {
            StackEvent event = run.events().get(at.stack());
            found.add(new FoundFrame(lineNumber, stacks + at.stack() + 1, event, at.frame()));
          }
        }
        stacks += run.events().size();
      }
    }
    return found;
  }

  /**
   * A frame that was found.
   *
   * @param line 1-based
   * @param stack number of the event in the text, 1-based
   * @param index of the frame in the event
   */
  record FoundFrame(long line, int stack, StackEvent event, int index) {

    StackFrame frame() {
      return event.frames().get(index);
    }

    /** Returns everything that reading tells, in the words of {@link KnownFrame#words}. */
    String words() {
      StackFrame frame = frame();
      return String.join(
          " ",
          stack + ":" + line,
          event.kind() == StackEvent.Kind.PLACE ? "place" : "stack",
          "x" + event.count(),
          frame.symbol() == null ? "-" : frame.symbol(),
          hex(frame.offsetBytes()),
          hex(frame.sizeBytes()),
          frame.module() == null ? "-" : frame.module(),
          frame.context() == null ? "-" : frame.context(),
          frame.unreliable() ? "?" : "-",
          frame.exact() ? "pc" : "-",
          frame.runtimeAddress() == null ? "-" : "0x" + Long.toHexString(frame.runtimeAddress()));
    }

    private static String hex(long bytes) {
      return bytes == StackFrame.UNKNOWN ? "-" : "0x" + Long.toHexString(bytes);
    }
  }

  /**
   * A row of the truth.
   *
   * @param words what reading the text must tell of the frame
   * @param line 1-based
   * @param exact whether the address is a program counter
   * @param place where the frame is: image and link-time address, or module, section and offset;
   *     {@code - -} where its name is all there is, or it is of no image
   */
  record KnownFrame(String words, long line, boolean exact, String place) {

    private static KnownFrame of(String[] columns) {
      String words =
          String.join(
              " ",
              columns[0] + ":" + columns[3],
              columns[1],
              "x" + columns[2],
              columns[4],
              columns[5],
              columns[6],
              columns[7],
              columns[8],
              columns[9],
              // Reading takes a line for itself; frames below an entry are known later.
              columns[10].equals(BELOW_ENTRY) ? "-" : columns[10],
              columns[11]);
      return new KnownFrame(
          words,
          Long.parseLong(columns[3]),
          !columns[10].equals("-"),
          columns[12] + " " + columns[13]);
    }
  }
}
