package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceListingTest {
  @TempDir Path folder;

  @Test
  void showsFiveLinesOnEachSide() throws IOException {
    String text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n";
    assertThat(list(text, 7).lines())
        .containsExactly(
            " 2 \t2",
            " 3 \t3",
            " 4 \t4",
            " 5 \t5",
            " 6 \t6",
            ">7<\t7",
            " 8 \t8",
            " 9 \t9",
            " 10 \t10",
            " 11 \t11",
            " 12 \t12");
  }

  @Test
  void endsWithTheFile() throws IOException {
    assertThat(list("a\nb", 2)).isEqualTo(" 1 \ta\n>2<\tb\n");
  }

  @Test
  void aLineBehindTheEndShowsNothing() throws IOException {
    assertThat(list("a\n", 100)).isEmpty();
  }

  @Test
  void bytesThatAreNoUtf8StayAsTheyAre() throws IOException {
    Path file = folder.resolve("latin1.c");
    Files.write(file, new byte[] {'/', (byte) 0xfc, '\n'});
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Output out = new Output(written);
    SourceListing.print(out, file, 1);
    out.flush();
    assertThat(written.toByteArray()).containsExactly('>', '1', '<', '\t', '/', (byte) 0xfc, '\n');
  }

  private String list(String text, long line) throws IOException {
    Path file = Files.writeString(folder.resolve("a.c"), text);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Output out = new Output(written);
    SourceListing.print(out, file, line);
    out.flush();
    return written.toString(StandardCharsets.UTF_8);
  }
}
