package dropsite.gsym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.symbols.CallSite;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallSiteListTest {
  private static final long LOW = 0xffffffff81000000L;
  private static final byte[] STRINGS = "\0^f$\0^g\\.part\\.0$\0".getBytes(StandardCharsets.UTF_8);
  private static final int F = 1;
  private static final int G_PART = 5;

  @Test
  void readsWhatLlvmGsymutilWrote() throws Exception {
    // testdata/gsym/calls.yaml, and what DWARF records: names without anchors.
    try (GsymFile file = GsymFile.open(TestFiles.of("gsym/calls.gsym"))) {
      long measure = file.symbols().named("measure").getFirst().linkAddress();
      List<CallSite> sites =
          List.of(
              site(measure + 0x5, "a.isra.0"),
              site(measure + 0x6, null),
              site(measure + 0x7, null),
              site(measure + 0x8, null),
              site(measure + 0xb, null),
              site(measure + 0x15, null),
              site(measure + 0x1e, "only_length"));
      assertThat(file.callSites(measure)).isEqualTo(sites);
      assertThat(file.callSites(measure + 0x1d)).isEqualTo(sites);
      assertThat(file.callSites(measure - 1)).isEmpty();
    }
  }

  @Test
  void aFunctionWithoutCallSitesHasNone() throws Exception {
    try (GsymFile file = GsymFile.open(TestFiles.of("gsym/clang-v5.gsym"))) {
      long measure = file.symbols().named("measure").getFirst().linkAddress();
      assertThat(file.callSites(measure)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sitesOfEitherByteOrderComeByAscendingReturnAddress(boolean bigEndian) {
    Consumer<GsymOutput> list =
        out -> {
          out.u32(2);
          site(out, 16, G_PART);
          site(out, 4, F);
        };
    assertThat(decode(bigEndian, list))
        .containsExactly(site(LOW + 4, "f"), site(LOW + 16, "g.part.0"));
  }

  @Test
  void moreSitesOrPatternsThanBytesAreRefused() {
    assertRefused(out -> out.u32(0xffffffffL), "4294967295 call sites in 0 bytes");
    assertRefused(
        out -> {
          out.u32(1);
          out.u64(4);
          out.u8(0);
          out.u32(0x80000000L);
          out.u32(F);
        },
        "2147483648 patterns in 4 bytes");
  }

  @Test
  void aReturnAddressOutsideTheFunctionIsRefused() {
    assertRefused(
        out -> {
          out.u32(1);
          site(out, 17, F);
        },
        "call returns to 0x11 of a function of 16 bytes");
    assertRefused(
        out -> {
          out.u32(1);
          site(out, -1, F);
        },
        "call returns to 0xffffffffffffffff");
  }

  @Test
  void aPatternOutsideTheStringTableIsRefused() {
    Consumer<GsymOutput> list =
        out -> {
          out.u32(1);
          site(out, 4, STRINGS.length + 1);
        };
    assertThatThrownBy(() -> decode(false, list))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("made.gsym: string table");
  }

  @Test
  void patternsThatWouldFillTheMemoryAreRefused() {
    byte[] strings = "x".repeat(1 << 15).concat("\0").getBytes(StandardCharsets.UTF_8);
    Consumer<GsymOutput> list =
        out -> {
          out.u32(1 << 10);
          for (int i = 0; i < 1 << 10; i++) {
            site(out, 4, i);
          }
        };
    assertThatThrownBy(() -> decode(false, strings, list))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("made.gsym: function info")
        .hasMessageContaining("patterns of more than 4194304 characters");
  }

  private static CallSite site(long returnAddress, @Nullable String callee) {
    return new CallSite(returnAddress, callee, false);
  }

  private static void site(GsymOutput out, long offset, long pattern) {
    out.u64(offset);
    out.u8(0);
    out.u32(1);
    out.u32(pattern);
  }

  private static void assertRefused(Consumer<GsymOutput> list, String problem) {
    assertThatThrownBy(() -> decode(false, list))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("made.gsym: function info")
        .hasMessageContaining(problem);
  }

  private static List<CallSite> decode(boolean bigEndian, Consumer<GsymOutput> list) {
    return decode(bigEndian, STRINGS, list);
  }

  /** Decodes the list of a function of 16 bytes. */
  private static List<CallSite> decode(
      boolean bigEndian, byte[] strings, Consumer<GsymOutput> list) {
    GsymOutput out = new GsymOutput(bigEndian);
    list.accept(out);
    out.bytes(strings);
    int end = out.size() - strings.length;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(out.size());
      memory.copyFrom(MemorySegment.ofArray(out.toByteArray()));
      Bytes file = new Bytes("made.gsym", "function info", memory, bigEndian);
      StringTable table = new StringTable(file, new GsymHeader(4, LOW, 1, end, strings.length, ""));
      FunctionInfo.Part part = new FunctionInfo.Part(0, end);
      FunctionInfo function = new FunctionInfo(LOW, 16, 1, null, null, null, part);
      return CallSiteList.decode(part.cursor(file), function, table);
    }
  }
}
