package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports are what docs/report.schema.json says, and it says all that is in them. */
final class ReportSchemaTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String LAB = "../testdata/captures/lab-6.12/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        LAB + "rules.drops.pcapng.gz",
        LAB + "bpf.drops.pcapng.gz",
        "../testdata/captures/lab-6.1/tracefs.drops.pcapng.gz",
        "../testdata/captures/6.12/events.jsonl",
        "../testdata/captures/6.12/text/nft_output_drop.bpftrace.txt"
      })
  void reportsHaveTheDocumentedForm(String recording) throws IOException {
    for (String[] more : new String[][] {{"--no-benign"}, {"--redact"}}) {
      CommandRun run = CommandRun.of("analyze", "--json", more[0], recording);
      assertThat(schema().validate(MAPPER.readTree(run.out()))).isEmpty();
    }
  }

  @Test
  void everyMemberIsInTheSchemaAndFramesAreThoseOfTheirStacks() throws IOException {
    JsonNode report =
        MAPPER.readTree(
            CommandRun.of(
                    "analyze",
                    "--json",
                    "--vmlinux",
                    "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz",
                    LAB + "rules.drops.pcapng.gz")
                .out());
    Set<String> known = new HashSet<>();
    names(MAPPER.readTree(Files.readString(schemaFile())), known);
    for (JsonNode finding : report.get("findings")) {
      Set<String> names =
          new TreeSet<>(finding.propertyStream().map(each -> each.getKey()).toList());
      assertThat(known).containsAll(names);
      JsonNode first = finding.get("stacks").get(0);
      for (int i = 0; i < first.get("frames").size(); i++) {
        assertThat(report.get("frames").get(first.get("frames").get(i).asInt()))
            .isEqualTo(finding.get("stack").get(i));
      }
      assertThat(finding.get("events")).hasSize(finding.get("count").asInt());
    }
  }

  @Test
  void halfACharacterInANameDoesNotEndTheReport() {
    CommandRun run =
        CommandRun.withInput(
            """
            {"time_ns": 1, "comm": "a\\ud800", "stack": ["0xffffffff81000010"]}
            """,
            "analyze",
            "--json",
            "-");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"a\ufffd\"");
  }

  private static void names(JsonNode node, Set<String> names) {
    if (node.isObject()) {
      node.propertyStream().forEach(each -> names.add(each.getKey()));
    }
    node.forEach(each -> names(each, names));
  }

  private static Path schemaFile() {
    return Path.of("..", "docs", "report.schema.json");
  }

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(MAPPER.readTree(Files.readString(schemaFile())));
  }
}
