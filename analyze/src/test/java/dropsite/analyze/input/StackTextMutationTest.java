package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.MalformedInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stack texts of every format with bytes changed, lines moved, doubled, mixed with lines of other
 * formats and cut off: no line is lost, whatever is found in them, and each gets an answer or one
 * clear error in time and in the heap that the build gives tests.
 *
 * <p>The seed is printed; {@code -Ddropsite.fuzz.seed=N} sets it, {@code -Ddropsite.fuzz.seconds=N}
 * how long each text is mutated, {@code -Ddropsite.fuzz.texts=REGEX} which ones.
 */
@Tag("fuzz")
final class StackTextMutationTest {
  private static final int SECONDS_PER_TEXT = 10;
  private static final int LONGEST_TEXT_BYTES = 1 << 16;
  private static final int REPEATED_BYTES = 1 << 21;
  private static final int MOST_REPEATED = 100_000;
  private static final long SEED = Long.getLong("dropsite.fuzz.seed", 20_261_121L);
  private static final String TEXTS =
      System.getProperty("dropsite.fuzz.texts", ".*[.](txt|json|jsonl)");
  private static final int SECONDS = Integer.getInteger("dropsite.fuzz.seconds", 10);
  private static final byte[] TELLING =
      "\0\n\r\t []<>{}()?+/:;.,'\"=-x0f9A\u007f\u0080\u00ff".getBytes(StandardCharsets.ISO_8859_1);

  static Stream<Path> texts() throws IOException {
    Path testdata = Path.of("../testdata");
    List<Path> texts;
    try (Stream<Path> made = Files.walk(testdata.resolve("stack-formats"));
        Stream<Path> recorded = Files.walk(testdata.resolve("stacks"))) {
      texts =
          Stream.concat(made, recorded)
              .filter(file -> file.toString().matches(TEXTS))
              .sorted()
              .toList();
    }
    assertThat(texts).isNotEmpty();
    return texts.stream();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void noMutationLosesALineOrGoesUnanswered(Path text) throws Exception {
    List<byte[]> others = texts().map(StackTextMutationTest::lines).flatMap(List::stream).toList();
    List<byte[]> lines = lines(text);
    Random random = new Random(SEED ^ text.getFileName().toString().hashCode());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    int rounds = 0;
    int stacks = 0;
    int refused = 0;
    try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
      while (System.nanoTime() < end) {
        byte[] mutated = mutated(lines, others, random);
        String what = text + " number " + rounds + " (seed " + SEED + ")";
        int found = answer(worker, () -> read(mutated), what);
        stacks += Math.max(found, 0);
        refused += found < 0 ? 1 : 0;
        rounds++;
      }
    }
    System.out.println(
        text + ": " + rounds + " texts, " + stacks + " stacks, " + refused + " refused");
    assertThat(stacks).as("stacks that survived").isPositive();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aLineWithoutEndOfItsLikeIsReadInTime(Path text) throws Exception {
    List<String> lines =
        lines(text).stream()
            .map(line -> new String(line, StandardCharsets.ISO_8859_1))
            .distinct()
            .limit(40)
            .toList();
    try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
      for (String what : lines) {
        byte[] line = what.getBytes(StandardCharsets.ISO_8859_1);
        answer(worker, () -> read(repeated(line)), what);
        // The same without line ends: one endless line.
        byte[] open = Arrays.copyOf(line, Math.max(1, line.length - 1));
        answer(worker, () -> read(repeated(open)), "no line end: " + what);
      }
    }
  }

  private static <T> T answer(ExecutorService worker, Callable<T> question, String what)
      throws InterruptedException {
    try {
      return worker.submit(question).get(SECONDS_PER_TEXT, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + SECONDS_PER_TEXT + " s: " + what, e);
    } catch (ExecutionException e) {
      throw new AssertionError("neither answer nor clear error: " + what, e.getCause());
    }
  }

  /** Returns how many stacks are in a text, or -1 when it is refused as a recording. */
  private static int read(byte[] text) throws IOException {
    int stacks = 0;
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    try (StackText reader = new StackText("text", new ByteArrayInputStream(text))) {
      for (TextPiece piece = reader.next(); piece != null; piece = reader.next()) {
        switch (piece) {
          case TextPiece.Other other -> other.line().writeTo(joined);
          case TextPiece.Stacks found -> {
            stacks += found.events().size();
            for (TextPiece.Line line : found.lines()) {
              line.raw().writeTo(joined);
              for (TextPiece.FrameAt at : line.frames()) {
                assertThat(found.events().get(at.stack()).frames()).hasSizeGreaterThan(at.frame());
              }
            }
          }
        }
      }
    }
    assertThat(joined.toByteArray()).isEqualTo(text);
    try (EventReader events = Recordings.open("text", new ByteArrayInputStream(text))) {
      while (events.next() != null) {
        // Reading them is what is tried.
      }
    } catch (MalformedInputException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return -1;
    }
    return stacks;
  }

  private static List<byte[]> lines(Path text) {
    try {
      byte[] bytes = Files.readAllBytes(text);
      String cut =
          new String(
              bytes, 0, Math.min(bytes.length, LONGEST_TEXT_BYTES), StandardCharsets.ISO_8859_1);
      return cut.lines().map(line -> (line + "\n").getBytes(StandardCharsets.ISO_8859_1)).toList();
    } catch (IOException e) {
      throw new AssertionError(text.toString(), e);
    }
  }

  private static byte[] repeated(byte[] line) {
    byte[] all = new byte[Math.min(REPEATED_BYTES, MOST_REPEATED * line.length)];
    for (int i = 0; i < all.length; i++) {
      all[i] = line[i % line.length];
    }
    return all;
  }

  private static byte[] mutated(List<byte[]> lines, List<byte[]> others, Random random) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int from = random.nextInt(lines.size());
    int count = 1 + random.nextInt(Math.min(120, lines.size()));
    int rarely = 3 + random.nextInt(30);
    for (int i = from; i < from + count; i++) {
      byte[] line = lines.get(i % lines.size());
      int times = random.nextInt(rarely) == 0 ? random.nextInt(4) : 1;
      for (int k = 0; k < times; k++) {
        text.writeBytes(random.nextInt(rarely) == 0 ? changed(line, random) : line);
      }
      if (random.nextInt(rarely) == 0) {
        text.writeBytes(others.get(random.nextInt(others.size())));
      }
    }
    byte[] all = text.toByteArray();
    return random.nextInt(8) == 0 ? Arrays.copyOf(all, random.nextInt(all.length + 1)) : all;
  }

  private static byte[] changed(byte[] line, Random random) {
    int at = random.nextInt(line.length);
    byte telling = TELLING[random.nextInt(TELLING.length)];
    return switch (random.nextInt(4)) {
      case 0 -> {
        byte[] flipped = line.clone();
        flipped[at] = telling;
        yield flipped;
      }
      case 1 -> Arrays.copyOf(line, at);
      case 2 -> {
        byte[] without = Arrays.copyOf(line, line.length - 1);
        System.arraycopy(line, at + 1, without, at, line.length - at - 1);
        yield without;
      }
      default -> {
        int length = 1 + random.nextInt(40);
        byte[] longer = Arrays.copyOf(line, line.length + length);
        System.arraycopy(line, at, longer, at + length, line.length - at);
        Arrays.fill(longer, at, at + length, telling);
        yield longer;
      }
    };
  }
}
