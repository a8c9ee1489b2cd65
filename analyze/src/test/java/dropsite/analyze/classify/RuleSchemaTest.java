package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schema of rule files takes what we ship, and refuses what the program refuses. */
final class RuleSchemaTest {
  private static final Path RULES =
      Path.of("src", "main", "resources", "dropsite", "analyze", "classify", "rules");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(Path.of("..", "docs", "rules.schema.json")));
  }

  @Test
  void theShippedFilesAreAsTheSchemaSays() throws IOException {
    Schema schema = schema();
    for (String file : RuleBook.FILES) {
      assertThat(schema.validate(YAML.readTree(RULES.resolve(file + ".yaml").toFile())))
          .as(file)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {sites: x}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {direction: up}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {packet: {tcpFlags: [X]}}}]",
        "classes: [{id: a, severity: bad, meaning: b}]",
        "rule: []",
      })
  void mistakesAreRefused(String yaml) throws IOException {
    assertThat(schema().validate(YAML.readTree(yaml))).isNotEmpty();
  }
}
