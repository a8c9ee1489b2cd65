package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelFactsReaderTest {
  @TempDir private Path folder = Path.of("");

  private KernelFacts read(String json) throws IOException {
    Path file = folder.resolve("kernel.json");
    Files.writeString(file, json);
    return KernelFactsReader.read(file);
  }

  @Test
  void recordedKernelIsReadWhole() throws IOException {
    KernelFacts facts =
        KernelFactsReader.read(Path.of("..", "testdata", "captures", "6.12", "kernel.json"));
    assertThat(facts.release()).isEqualTo("6.12.117+deb12-cloud-amd64");
    assertThat(facts.buildId()).isEqualTo("7f76f39faf07f34cfa9fadd801e131bfa8cb6dc3");
    assertThat(facts.symbols()).containsEntry("_stext", 0xffffffff85200000L);
    assertThat(facts.reasons()).containsEntry(11L, "SKB_DROP_REASON_NETFILTER_DROP");
    assertThat(facts.modules())
        .contains(
            new LoadedModule(
                "nf_tables",
                0xffffffffc0300000L,
                360448,
                "0484cfea9d239362f3507c32db2772e9d80b0f2f"));
  }

  @Test
  void whatIsNotKnownIsSkippedAndWhatIsMissingIsEmpty() throws IOException {
    KernelFacts facts = read("{\"new\": [{\"a\": 1}], \"release\": \"7.3\"}");
    assertThat(facts.release()).isEqualTo("7.3");
    assertThat(facts.buildId()).isNull();
    assertThat(facts.modules()).isEmpty();
  }

  @Test
  void modulesWhoseAddressesTheKernelHidHaveNone() throws IOException {
    assertThat(read("{\"modules\": [{\"name\": \"a\", \"base\": \"0x0\", \"size\": 1}]}").modules())
        .containsExactly(new LoadedModule("a", 0, 1, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"release\": 5}",
        "{\"symbols\": {\"_text\": \"xyz\"}}",
        "{\"reasons\": {\"x\": \"y\"}}",
        "{\"modules\": {}}",
        "{\"modules\": [",
        ""
      })
  void whatIsWrongIsSaidWithItsFile(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("kernel.json: line ");
  }
}
