package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.ExitCode;
import dropsite.elf.ElfImage;
import dropsite.elf.ElfSection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Addr2LineCommandTest {
  private static final String FILE = CommandRun.fixture("gcc-v5");
  private static final String MODULE = CommandRun.fixture("x86_64-gcc-v5.ko");

  @TempDir Path folder;

  @Test
  void readsAddressesFromStandardInputWhenNoneAreGiven() {
    CommandRun run = CommandRun.withInput("401670\n401360\nmain\n", "addr2line", "-fe", FILE);
    assertThat(run.out()).isEqualTo("forward\n/fixture/b.c:53\nparse\n/fixture/b.c:8\n??\n??:0\n");
  }

  @Test
  void answersKeepTheOrderOfTheQuestions() {
    CommandRun run = CommandRun.of("addr2line", "-e", FILE, "401670", "401264", "401360", "401264");
    assertThat(run.out())
        .isEqualTo("/fixture/b.c:53\n/fixture/a.c:64\n/fixture/b.c:8\n/fixture/a.c:64\n");
  }

  @Test
  void manyQuestionsAreAnsweredAsFewInTheirOrder() {
    // More than are looked up together; each answer is written by whichever thread finds it.
    String few = "401670\n401264\n0x401360\nparse+5\n,\nzzz\n401681\n";
    int times = 50_000;
    for (String options : List.of("-afi", "--json")) {
      String answers = CommandRun.withInput(few, "addr2line", options, "-e", FILE).out();
      String many = CommandRun.withInput(few.repeat(times), "addr2line", options, "-e", FILE).out();
      assertThat(many.equals(answers.repeat(times))).as(options).isTrue();
    }
  }

  @Test
  void whatStandsBeforeAQuestionThatMeetsDamageIsAnswered() throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(FILE));
    try (ElfImage image = ElfImage.open(Path.of(FILE))) {
      ElfSection info = image.section(".debug_info").orElseThrow();
      ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int first = (int) info.fileOffset();
      int second = first + Integer.BYTES + file.getInt(first);
      // The unit's version.
      file.putShort(second + Integer.BYTES, (short) 99);
    }
    String damaged = Files.write(folder.resolve("damaged"), bytes).toString();
    CommandRun piped =
        CommandRun.withInput("401264\n401264\n401360\n401264\n", "addr2line", "-e", damaged);
    CommandRun named = CommandRun.of("addr2line", "-e", damaged, "401264", "401264", "401360");
    for (CommandRun run : List.of(piped, named)) {
      assertThat(run.out()).isEqualTo("/fixture/a.c:64\n/fixture/a.c:64\n");
      assertThat(run.err()).contains(".debug_info", "version 99").hasLineCount(1);
      assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void whatIsNoAddressIsNowhereEvenWhereAddress0IsSomewhere() {
    // perf's sentinel; in a module address 0 is code.
    CommandRun run = CommandRun.withInput("0\n,\n", "addr2line", "-afie", MODULE, "-j", ".text");
    assertThat(run.out().lines())
        .containsExactly(
            "0x0000000000000000",
            "module_input",
            "/fixture/module.c:16",
            "0x0000000000000000",
            "??",
            "??:0");
  }

  @Test
  void symbolsOfModulesHaveTheAddressInTheirSection() {
    CommandRun run = CommandRun.of("addr2line", "-afe", MODULE, "module_output+0x10");
    assertThat(run.out()).startsWith("0x0000000000000100\nmodule_output\n/fixture/module.c:");
  }

  @Test
  void optionsMayStandInAFile() throws IOException {
    Path options = Files.writeString(folder.resolve("options"), "-f -s\n-e '" + FILE + "'\n401360");
    assertThat(CommandRun.of("addr2line", "@" + options).out()).isEqualTo("parse\nb.c:8\n");
  }

  @Test
  void longOptionsMayBeShortened() {
    CommandRun run =
        CommandRun.of("addr2line", "--func", "--base", "--demangle", "--exe=" + FILE, "401360");
    assertThat(run.out()).isEqualTo("parse\nb.c:8\n");
  }

  @Test
  void aStyleIsTakenOnlyBehindTheEqualsSign() {
    String[] args = {"addr2line", "-Cfse", FILE, "--demangle=rust", "--demangle", "401360"};
    assertThat(CommandRun.of(args).out()).isEqualTo("parse\nb.c:8\n");
  }

  @Test
  void addressesOfA32BitFileHave8Digits() {
    CommandRun run =
        CommandRun.of("addr2line", "-ape", CommandRun.fixture("gcc-v5-m32"), "ffffffff00000000");
    assertThat(run.out()).isEqualTo("0x00000000: ??:0\n");
  }

  @Test
  void jsonIsOneObjectALine() {
    CommandRun run = CommandRun.of("addr2line", "--json", "-e", FILE, "401360", ",");
    assertThat(run.out())
        .isEqualTo(
            "{\"query\":\"401360\",\"address\":\"0x401360\",\"frames\":[{\"symbol\":\"parse\","
                + "\"function\":\"parse\",\"file\":\"/fixture/b.c\",\"line\":8,\"column\":12,"
                + "\"discriminator\":0,\"inlined\":false}]}\n"
                + "{\"query\":\",\",\"address\":\"0x0\",\"frames\":[]}\n");
  }

  @Test
  void eachFailureIsOneLine() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no ELF file, but some text");
    assertThat(failure("-e", "nosuch", "0")).isEqualTo("dropsite addr2line: nosuch: no such file");
    assertThat(failure("-e", folder.toString(), "0"))
        .isEqualTo("dropsite addr2line: " + folder + ": is a directory");
    assertThat(failure("-e", text.toString(), "0"))
        .startsWith("dropsite addr2line: " + text + ": ");
    assertThat(failure("-e", FILE, "-j", ".nosuch", "0"))
        .isEqualTo("dropsite addr2line: " + FILE + ": cannot find section .nosuch");
    assertThat(failure("0")).isEqualTo("dropsite addr2line: a.out: no such file");
  }

  private static String failure(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "addr2line";
    System.arraycopy(args, 0, all, 1, args.length);
    CommandRun run = CommandRun.of(all);
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    return run.err().strip();
  }
}
