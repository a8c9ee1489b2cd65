package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
  @Test
  void whatATerminalObeysIsEscaped() throws IOException {
    String text = "a\u007f\u009b\u202e\u2066\u2028é世😀";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonText.to(out, new JsonLayout())) {
      json.writeString(text);
    }
    String written = out.toString(StandardCharsets.UTF_8);
    assertThat(written).contains("a\\u007F\\u009B\\u202E\\u2066\\u2028é世");
    assertThat(new ObjectMapper().readTree(written).asText()).isEqualTo(text);
  }
}
