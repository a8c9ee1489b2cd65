package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecordingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"time_ns\": 5, \"stack\": [1]} | JsonEvents",
        "\t{\"comm\": \"a\\\"stack\\\":\", \"x\": {\"common\": [{}]}, \"stack\": [1]} | JsonEvents",
        "{} {\"pid\": 1} {\"stack\": [1]} | JsonEvents",
        "{\"type\": \"map\", \"data\": {}} | JsonEvents",
        "{\"data\": {}, \"type\": 1} | TextEvents",
        "{\"common\": {\"timestamp\": 1}} | RetisEvents",
        "[{\"common\": {\"timestamp\": 1}}] | RetisEvents",
        "{\"locks\": [\"stack\"], \"kernel_stack\": [] } | TextEvents",
        "{\"deep\": {\"stack\": [1]}} | TextEvents",
        "[ 1.5] {\"stack\": [1]} | TextEvents",
        "stack: [1] | TextEvents",
        "{ | TextEvents",
        "{ stacktrace: \"stack\": } | TextEvents",
        "'' | TextEvents"
      })
  void theFormatIsChosenByWhatTheFileHolds(String text, String reader) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (EventReader events = Recordings.open("file", new ByteArrayInputStream(bytes))) {
      assertThat(events.getClass().getSimpleName()).isEqualTo(reader);
    }
  }

  @Test
  void jsonOfOtherToolsIsReadAsText() throws IOException {
    String text =
        """
        {
          "id": 1,
          "kernel_stack": [
            "ip_rcv+0x45 [kernel]"
          ]
        }
        """;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (EventReader events = Recordings.open("file", new ByteArrayInputStream(bytes))) {
      StackEvent event = events.next();
      assertThat(event).isNotNull();
      assertThat(event.line()).isEqualTo(4);
      assertThat(events.next()).isNull();
    }
  }

  @Test
  void noMoreIsReadThanTellsTheFormat() throws IOException {
    byte[] bytes = "{\"stack\":".getBytes(StandardCharsets.UTF_8);
    InputStream waiting =
        new InputStream() {
          private int position;

          @Override
          public int read() {
            assertThat(position).as("where a writer would be waited for").isLessThan(bytes.length);
            return bytes[position++];
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            into[offset] = (byte) read();
            return 1;
          }
        };
    assertThat(Recordings.open("pipe", waiting)).isInstanceOf(JsonEvents.class);
  }
}
