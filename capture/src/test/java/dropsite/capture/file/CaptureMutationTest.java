package dropsite.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.ByteSink;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.host.KernelSymbols;
import dropsite.capture.host.SnapshotPart.Phase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Captures with bytes changed, cut out, doubled and cut off, in every form that a capture comes in:
 * each gets an answer or one clear error, in time and in the heap that the build gives tests.
 *
 * <p>The seed is printed; {@code -Ddropsite.fuzz.seed=N} sets it, {@code -Ddropsite.fuzz.rounds=N}
 * the number of files of each form, {@code -Ddropsite.fuzz.share=K} does only every K-th.
 */
@Tag("fuzz")
final class CaptureMutationTest {
  private static final int SECONDS_PER_FILE = 5;
  private static final long SEED = Long.getLong("dropsite.fuzz.seed", 20_251_121L);
  private static final int ROUNDS = Integer.getInteger("dropsite.fuzz.rounds", 10_000);
  private static final int SHARE = Integer.getInteger("dropsite.fuzz.share", 1);
  private static final int[] TELLING = {0, 1, 0x7f, 0x80, 0xff};

  /** What a capture comes as. */
  enum Form {
    PLAIN,
    BIG_ENDIAN,
    GZIP,
    ZSTD,
    /** What is changed are the records before they are compressed. */
    RECORDS
  }

  @ParameterizedTest
  @EnumSource
  void mutatedCapturesGiveAnAnswerOrOneClearError(Form form) throws Exception {
    byte[] original = original(form);
    Random random = new Random(SEED ^ form.name().hashCode());
    ExecutorService worker = Executors.newSingleThreadExecutor();
    int read = 0;
    int refused = 0;
    try {
      for (int i = 0; i < ROUNDS; i++) {
        byte[] mutated = mutated(original, random);
        if (i % SHARE != 0) {
          continue;
        }
        byte[] file = form == Form.RECORDS ? withRecords(mutated) : mutated;
        Future<Boolean> answer = worker.submit(() -> reads(file));
        String what = form + " number " + i + " (seed " + SEED + ")";
        try {
          if (answer.get(SECONDS_PER_FILE, TimeUnit.SECONDS)) {
            read++;
          } else {
            refused++;
          }
        } catch (TimeoutException e) {
          throw new AssertionError("no answer within " + SECONDS_PER_FILE + " s: " + what, e);
        } catch (ExecutionException e) {
          throw new AssertionError("neither answer nor clear error: " + what, e.getCause());
        }
      }
    } finally {
      worker.shutdownNow();
    }
    System.out.println(form + ": " + read + " read, " + refused + " refused (seed " + SEED + ")");
    assertThat(read).as("files that survived their mutation").isPositive();
    assertThat(refused).as("files refused").isPositive();
  }

  private static byte[] original(Form form) throws IOException {
    List<DropEvent> events = new Recording(7).events(120);
    return switch (form) {
      case PLAIN -> Recording.written(events, Compression.NONE);
      case BIG_ENDIAN -> ByteOrderSwap.of(Recording.written(events, Compression.NONE));
      case GZIP -> Recording.written(events, Compression.GZIP);
      case ZSTD -> Recording.written(events, Compression.ZSTD);
      case RECORDS -> records();
    };
  }

  private static byte[] records() {
    ByteSink records = new ByteSink();
    CaptureStart start = Recording.start("boot 1");
    RecordFields.write(records, start.kernel());
    start.modules().forEach(module -> RecordFields.write(records, module));
    start.reasons().forEach(reasons -> RecordFields.write(records, reasons));
    RecordFields.write(records, new KernelSymbols("bpf", new byte[100]));
    RecordFields.write(records, Recording.part("nft", Phase.DURING, new byte[200]));
    RecordFields.write(records, new Losses(1, 2, 3, 4, 5, 6, 7, 8));
    RecordFields.writeNote(records, "a note");
    RecordFields.write(records, new Totals(1, 2, 3, 4, 5, false));
    return records.toArray();
  }

  private static byte[] withRecords(byte[] records) throws IOException {
    ByteSink sink = new ByteSink();
    sink.raw(records);
    BlockSink blocks = new BlockSink();
    blocks.records(1, sink);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(Recording.written(List.of(), Compression.NONE));
    file.write(blocks.bytes().toArray());
    return file.toByteArray();
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int changes = random.nextInt(1, 5); changes > 0 && bytes.length > 8; changes--) {
      int at = random.nextInt(bytes.length);
      int length = random.nextInt(Math.min(bytes.length - at, 1 + random.nextInt(4096)) + 1);
      bytes =
          switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, at + length);
            case 2 -> joined(bytes, at + length, at);
            case 3 -> {
              Arrays.fill(bytes, at, at + Math.min(length, 8), (byte) random.nextInt(256));
              yield bytes;
            }
            default -> {
              bytes[at] =
                  (byte)
                      (random.nextBoolean()
                          ? TELLING[random.nextInt(TELLING.length)]
                          : bytes[at] ^ (1 << random.nextInt(8)));
              yield bytes;
            }
          };
    }
    return bytes;
  }

  /** Returns the bytes up to one place, and from another on: some are left out, or doubled. */
  private static byte[] joined(byte[] bytes, int upTo, int from) {
    byte[] joined = Arrays.copyOf(bytes, upTo + bytes.length - from);
    System.arraycopy(bytes, from, joined, upTo, bytes.length - from);
    return joined;
  }

  private static boolean reads(byte[] file) throws IOException {
    try (CaptureReader reader = CaptureReader.open("test", new ByteArrayInputStream(file))) {
      while (reader.next() != null) {
        // What it says is not to be relied on.
      }
      assertThat(reader.missing()).allSatisfy(sentence -> assertThat(sentence).isNotBlank());
      return true;
    } catch (MalformedInputException e) {
      assertThat(e.getMessage()).startsWith("test: ").doesNotContain("\n");
      return false;
    }
  }
}
