package dropsite.gsym;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.gsym.GsymImage.Function;
import dropsite.gsym.GsymImage.Node;
import dropsite.gsym.GsymImage.Range;
import dropsite.gsym.GsymImage.Row;
import dropsite.symbols.SourceFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written is answered, in both byte orders, as a plain walk over the model answers. */
final class GsymPropertyTest {

  private static final int IMAGES_PER_BYTE_ORDER = 75;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyAddressIsAnsweredAsTheModelSays(boolean bigEndian) throws Exception {
    for (int seed = 0; seed < IMAGES_PER_BYTE_ORDER; seed++) {
      checkImage(image(new Random(seed), bigEndian), "seed " + seed);
    }
  }

  private static void checkImage(GsymImage image, String name) throws Exception {
    Path path = Files.createTempFile("property", ".gsym");
    try {
      Files.write(path, GsymEncoder.encode(image));
      assertThat(GsymDecoder.decode(path)).as(name).isEqualTo(image);
      try (GsymFile file = GsymFile.open(path)) {
        long[] shuffled = addresses(image);
        assertThat(file.frames(shuffled))
            .as(name)
            .isEqualTo(Arrays.stream(shuffled).mapToObj(at -> expected(image, at)).toList());
        for (Function function : image.functions()) {
          for (long at = function.start() - 1; at <= function.end(); at++) {
            assertThat(file.frames(at)).as(name).isEqualTo(expected(image, at));
          }
          assertThat(file.symbols().named(function.name()))
              .as(name)
              .anyMatch(symbol -> symbol.linkAddress() == function.start());
        }
      }
    } finally {
      Files.delete(path);
    }
  }

  /** Returns every address of the image's functions many times, in no order. */
  private static long[] addresses(GsymImage image) {
    List<Long> addresses = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (Function function : image.functions()) {
        for (long at = function.start() - 1; at <= function.end(); at++) {
          addresses.add(at);
        }
      }
    }
    Collections.shuffle(addresses, new Random(addresses.size()));
    return addresses.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<SourceFrame> expected(GsymImage image, long address) {
    for (Function function : image.functions()) {
      if (address >= function.start() && address < function.end()) {
        return frames(function, address);
      }
    }
    return List.of();
  }

  private static List<SourceFrame> frames(Function function, long address) {
    String name = function.name();
    if (!function.hasSource()) {
      return List.of(new SourceFrame(null, name, null, 0, 0, 0, false));
    }
    @Nullable String file = null;
    int line = 0;
    for (Row row : function.rows()) {
      if (row.address() <= address) {
        file = row.file();
        line = row.line();
      }
    }
    List<Node> calls = new ArrayList<>();
    Node node = function.inlined();
    while (node != null) {
      node =
          node.children().stream().filter(child -> covers(child, address)).findFirst().orElse(null);
      if (node != null) {
        calls.add(node);
      }
    }
    List<SourceFrame> frames = new ArrayList<>();
    for (Node call : calls.reversed()) {
      frames.add(new SourceFrame(call.name(), null, file, line, 0, 0, true));
      file = call.callFile();
      line = call.callLine();
    }
    frames.add(new SourceFrame(name, name, file, line, 0, 0, false));
    return frames;
  }

  private static boolean covers(Node node, long address) {
    return node.ranges().stream()
        .anyMatch(range -> address >= range.start() && address < range.start() + range.sizeBytes());
  }

  private static GsymImage image(Random random, boolean bigEndian) {
    long base = random.nextBoolean() ? 0xffffffff81000000L : random.nextInt(1 << 20) + 1L;
    List<Function> functions = new ArrayList<>();
    long at = base + random.nextInt(20);
    int count = random.nextInt(1, 40);
    for (int i = 0; i < count; i++) {
      long size = random.nextInt(1, 120);
      functions.add(function(random, at, size, "function" + i));
      at += size + random.nextInt(3) * (random.nextInt(8) == 0 ? 5000L : 4L);
    }
    String uuid = random.nextBoolean() ? "" : "00112233445566778899aabbccddeeff00112233";
    return new GsymImage(bigEndian, uuid, base, functions);
  }

  private static Function function(Random random, long start, long size, String name) {
    List<Row> rows = new ArrayList<>();
    if (random.nextInt(5) > 0) {
      int line = random.nextInt(1, 2000);
      for (long at = start + random.nextInt(2); at < start + size; at += random.nextInt(0, 40)) {
        rows.add(new Row(at, file(random), line));
        line = Math.max(0, line + random.nextInt(-30, 40));
      }
    }
    Node root =
        random.nextInt(3) == 0
            ? null
            : new Node(
                name, null, 0, List.of(new Range(start, size)), calls(random, start, size, 0));
    return new Function(start, size, name, rows, root, List.of());
  }

  private static List<Node> calls(Random random, long start, long size, int depth) {
    List<Node> calls = new ArrayList<>();
    long at = start;
    while (depth < 5 && at + 3 < start + size && random.nextInt(3) > 0) {
      long offset = random.nextInt(3);
      long length = random.nextLong(1, Math.min(40, start + size - at - offset));
      List<Range> ranges = List.of(new Range(at + offset, length));
      calls.add(
          new Node(
              "call" + random.nextInt(30),
              file(random),
              random.nextInt(3000),
              ranges,
              calls(random, at + offset, length, depth + 1)));
      at += offset + length;
    }
    return calls;
  }

  private static @Nullable String file(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> null;
      case 1 -> "alone.c";
      case 2 -> "/root.c";
      default -> "folder" + random.nextInt(4) + "/file" + random.nextInt(9) + ".c";
    };
  }
}
