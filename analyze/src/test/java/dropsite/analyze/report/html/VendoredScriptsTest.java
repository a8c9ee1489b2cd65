package dropsite.analyze.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Other people's scripts are those that the npm registry has, byte for byte, with their licences.
 */
final class VendoredScriptsTest {
  @ParameterizedTest
  @CsvSource({
    // d3@7.9.0, dist/d3.min.js and LICENSE
    "d3-7.9.0.min.js, f2094bbf6141b359722c4fe454eb6c4b0f0e42cc10cc7af921fc158fceb86539",
    "d3-LICENSE.txt, 3e6849627f74ff73c257a3ae1efb574015d94fc1035c05ec3c15805165efcbc4",
    // d3-flame-graph@5.0.0, dist/d3-flamegraph.umd.min.js and LICENSE
    "d3-flame-graph-5.0.0.min.js, 5f8d8bc7bf7f8329248d43c1e215431a88f77e17daa217f3c31b019b8b71b3f7",
    "d3-flame-graph-LICENSE.txt, b40930bbcf80744c86c46a12bc9da056641d722716c378f5659b9e555ef833e1",
  })
  void isUnchanged(String name, String sha256) throws IOException, NoSuchAlgorithmException {
    try (InputStream input = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name))) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(input.readAllBytes());
      assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
    }
  }
}
