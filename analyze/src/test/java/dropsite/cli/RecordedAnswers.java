package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What an addr2line printed for many commands, recorded by testdata/addr2line/record, and where we
 * print something else, with the reason.
 *
 * @param answers output by command line
 * @param differences our own output by command line
 */
record RecordedAnswers(Map<String, String> answers, Map<String, String> differences) {

  /**
   * Reads the two files.
   *
   * @param differences lines that start with {@code #} give the reasons
   */
  static RecordedAnswers read(Path answers, Path differences) throws IOException {
    return new RecordedAnswers(blocks(answers), blocks(differences));
  }

  /** Returns the output below each line that starts with a dollar sign. */
  static Map<String, String> blocks(Path file) throws IOException {
    Map<String, String> blocks = new LinkedHashMap<>();
    String command = "";
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("$ ")) {
        command = line.substring(2);
        blocks.put(command, "");
      } else if (!line.startsWith("#")) {
        blocks.merge(command, line + "\n", String::concat);
      }
    }
    return blocks;
  }

  /**
   * Runs every command and compares; a listed difference must still be one.
   *
   * @param form brings both outputs to the form in which they must be equal
   */
  void check(UnaryOperator<String> form) {
    assertThat(answers).hasSizeGreaterThan(20);
    assertThat(answers.keySet()).containsAll(differences.keySet());
    List<String> wrong = new ArrayList<>();
    answers.forEach((command, answer) -> {
      String ours = form.apply(CommandRun.of(arguments(command)).out());
      String theirs = form.apply(answer);
      String listed = differences.get(command);
      String wanted = listed == null ? theirs : form.apply(listed);
      if (!ours.equals(wanted)) {
        wrong.add("$ " + command + "\n" + ours + "instead of\n" + wanted);
      } else if (listed != null && ours.equals(theirs)) {
        wrong.add("$ " + command + "\nis listed as a difference and is none");
      }
    });
    assertThat(wrong).isEmpty();
  }

  private static String[] arguments(String command) {
    List<String> arguments = new ArrayList<>(List.of("addr2line"));
    arguments.addAll(Arrays.asList(command.split(" ", -1)));
    for (int i = 1; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("--exe=")) {
        arguments.set(i, "--exe=" + CommandRun.fixture(argument.substring("--exe=".length())));
      } else if (arguments.get(i - 1).matches("-[a-z]*e")) {
        arguments.set(i, CommandRun.fixture(argument));
      }
    }
    return arguments.toArray(String[]::new);
  }
}
