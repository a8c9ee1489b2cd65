package dropsite.gsym;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that llvm-gsymutil wrote, against its own lookups and against the fixtures' oracles. */
final class GsymFileTest {
  private static final Pattern LOOKUP =
      Pattern.compile(
          "(?:(0x[0-9a-f]+): | +)(\\S+)(?: \\+ \\d+)?(?: @ (.*):(\\d+))?(?: \\[inlined])?");
  private static final Pattern MISS = Pattern.compile("(0x[0-9a-f]+): error: .* is not in GSYM");

  @ParameterizedTest
  @ValueSource(strings = {"gcc-v5", "gcc-v5-O0", "clang-v5", "clangxx-v5", "s390x-gcc-v5"})
  void answersWhatLlvmGsymutilAnswers(String fixture) throws Exception {
    Map<Long, List<String>> recorded = recorded(fixture);
    assertThat(recorded).hasSizeGreaterThan(100);
    assertThat(recorded.values()).anyMatch(List::isEmpty).anyMatch(chain -> chain.size() == 1);
    try (GsymFile file = open(fixture)) {
      Map<Long, List<String>> ours = new LinkedHashMap<>();
      for (long address : recorded.keySet()) {
        ours.put(address, file.frames(address).stream().map(GsymFileTest::text).toList());
      }
      assertThat(ours).isEqualTo(recorded);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gcc-v5", "gcc-v5-O0", "clang-v5", "s390x-gcc-v5"})
  void answersWhatTheDebuggingInformationItWasMadeFromSays(String fixture) throws Exception {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    try (GsymFile file = open(fixture)) {
      for (String line :
          Files.readAllLines(TestFiles.of("fixtures/expected/" + fixture + ".tsv"))) {
        String[] fields = line.split("\t", -1);
        List<SourceFrame> frames = file.frames(Long.parseUnsignedLong(fields[1], 16));
        // What belongs to no function by name is in no GSYM file.
        if (fields[0].isEmpty() && !fields[2].contains("??") && !fields[2].contains("(")) {
          compared++;
          String chain =
              frames.stream().map(GsymFileTest::shortText).collect(Collectors.joining(" <- "));
          if (!chain.equals(fields[2])) {
            wrong.add(fields[1] + ": " + fields[2] + ", not " + chain);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(150);
  }

  @Test
  void readsAFileOfTheOtherByteOrder() throws Exception {
    try (GsymFile file = open("s390x-gcc-v5")) {
      assertThat(file.buildId()).contains("e9318f8b32db02f853cbb2256ae6c89a003e92eb");
      assertThat(file.symbols().named("receive"))
          .containsExactly(new Symbol("receive", 0x1000260, symbolSize(file), true, ""));
    }
  }

  private static long symbolSize(GsymFile file) {
    return file.symbols().covering(0x1000260).orElseThrow().sizeBytes();
  }

  @Test
  void findsAFunctionByNameAndByAddress() throws Exception {
    try (GsymFile file = open("gcc-v5")) {
      Symbol receive = file.symbols().named("receive").getLast();
      assertThat(file.symbols().covering(receive.linkAddress() + receive.sizeBytes() - 1))
          .contains(receive);
      assertThat(file.symbols().covering(receive.linkAddress() + receive.sizeBytes()))
          .isNotEqualTo(Optional.of(receive));
      assertThat(file.symbols().named("receiv")).isEmpty();
      assertThat(file.symbols().named("")).isEmpty();
      assertThat(file.symbols().functions())
          .contains(receive)
          .isSortedAccordingTo((a, b) -> Long.compareUnsigned(a.linkAddress(), b.linkAddress()));
    }
  }

  @Test
  void endsASymbolWhereTheNextBegins() throws Exception {
    try (GsymFile file = open("gcc-v5")) {
      List<Symbol> functions = file.symbols().functions();
      assertThat(file.symbols().nextAddress(functions.getFirst()))
          .isEqualTo(functions.get(1).linkAddress());
      Symbol last = functions.getLast();
      assertThat(file.symbols().nextAddress(last)).isEqualTo(last.linkAddress() + last.sizeBytes());
    }
  }

  @Test
  void saysNothingOfWhatTheFormatCannotHold() throws Exception {
    try (GsymFile file = open("gcc-v5")) {
      long address = file.symbols().functions().getFirst().linkAddress();
      assertThat(file.relocatable()).isFalse();
      assertThat(file.addressIn(".text", 0)).isEmpty();
      assertThat(file.enumerators("packet_kind")).isEmpty();
      assertThat(file.constantArguments(address)).hasSameSizeAs(file.frames(address));
      assertThat(file.constantArguments(address)).allMatch(List::isEmpty);
    }
  }

  private static GsymFile open(String fixture) throws Exception {
    return GsymFile.open(TestFiles.of("gsym/" + fixture + ".gsym"));
  }

  /** Reads the output of {@code llvm-gsymutil --addresses-from-stdin}. */
  private static Map<Long, List<String>> recorded(String fixture) throws Exception {
    Map<Long, List<String>> chains = new LinkedHashMap<>();
    List<String> chain = new ArrayList<>();
    for (String line : Files.readAllLines(TestFiles.of("gsym/" + fixture + ".lookups.txt"))) {
      Matcher miss = MISS.matcher(line);
      Matcher lookup = LOOKUP.matcher(line);
      if (miss.matches()) {
        chains.put(Long.decode(miss.group(1)), List.of());
      } else if (lookup.matches()) {
        if (lookup.group(1) != null) {
          chain = new ArrayList<>();
          chains.put(Long.decode(lookup.group(1)), chain);
        }
        chain.add(
            lookup.group(3) == null
                ? lookup.group(2)
                : lookup.group(2) + " " + lookup.group(3) + ":" + lookup.group(4));
      } else {
        assertThat(line).isBlank();
      }
    }
    return chains;
  }

  private static String text(SourceFrame frame) {
    return frame.file() == null
        ? String.valueOf(frame.displayName())
        : frame.displayName() + " " + frame.file() + ":" + frame.line();
  }

  private static String shortText(SourceFrame frame) {
    return frame.function()
        + " "
        + (frame.file() == null ? "??" : frame.file().replace("/fixture/", ""))
        + ":"
        + frame.line();
  }
}
