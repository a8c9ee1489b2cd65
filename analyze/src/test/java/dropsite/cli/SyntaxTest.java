package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.Argument;
import dropsite.command.Command;
import dropsite.command.Output;
import dropsite.command.Picocli;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two readers read command lines; where the plain one does, both have to understand the same. */
final class SyntaxTest {
  private static final Streams NOWHERE =
      new Streams(
          InputStream.nullInputStream(),
          new Output(OutputStream.nullOutputStream()),
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "addr2line",
        "addr2line -e FILE 401360 symbol+0x10 a=b",
        "addr2line -fie FILE 401360",
        "addr2line -a -f -f -i -p -s -C 401360",
        "addr2line 401360 --exe=FILE 401361 --functions",
        "addr2line --exe FILE -e OTHER --exe=a=b -j .text -b elf64 -rR --no-recurse-limit",
        "addr2line --demangle 401360 --json",
        "faddr2line FILE place",
        "faddr2line --list FILE place --json other --full-path more",
        "index FILE",
        "index -o OUT FILE",
        "index --call-sites FILE",
        "index FILE --output=OUT",
        "symbolize",
        "symbolize --vmlinux FILE --modules DIR --kernel=JSON one --exact --force two --full-path",
        "analyze --json one two",
        "analyze --redact --pcapng FILE one",
        "diff --debug-dir DIR --json one two",
        "merge -o OUT one two",
        "merge --force --output=OUT one",
        "identify --debug-dir DIR --json one",
        "rules list --class route --json",
        "rules test --rules DIR --reason X --stack a,b --packet 45 --rule ID"
      })
  void plainLinesMeanWhatPicocliReads(String line) {
    String[] words = line.split(" ", -1);
    Command plain = command(words[0]);
    assertThat(plain.syntax().readPlain(words, 1)).isTrue();

    Command full = command(words[0]);
    Picocli picocli = new Picocli(Main.class, List.of(full), new PrintWriter(new StringWriter()));
    assertThat(picocli.read(words)).isSameAs(full);
    assertThat(values(plain)).isEqualTo(values(full));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "addr2line --help",
        "addr2line -v",
        "addr2line --nosuch",
        "addr2line -x",
        "addr2line -fx",
        "addr2line --func 401360",
        "addr2line -",
        "addr2line -- 401360",
        "addr2line @FILE",
        "addr2line -e",
        "addr2line -e -f",
        "addr2line -e @FILE",
        "addr2line -eFILE",
        "addr2line -ef FILE",
        "addr2line --exe=",
        "addr2line --exe=-f",
        "addr2line --json=false",
        "addr2line --demangle=rust",
        "addr2line -f=false",
        "addr2line ",
        "faddr2line",
        "faddr2line FILE",
        "index",
        "index FILE OTHER",
        "index -o OUT",
        "index a\0b",
        "offsets",
        "analyze"
      })
  void everythingElseIsLeftToPicocli(String line) {
    String[] words = line.split(" ", -1);
    assertThat(command(words[0]).syntax().readPlain(words, 1)).isFalse();
  }

  private static Command command(String name) {
    return switch (name) {
      case "addr2line" -> new Addr2LineCommand(NOWHERE);
      case "faddr2line" -> new Faddr2LineCommand(NOWHERE);
      case "index" -> new IndexCommand(NOWHERE);
      case "offsets" -> new OffsetsCommand(NOWHERE);
      case "symbolize" -> new SymbolizeCommand(NOWHERE);
      case "analyze" -> new AnalyzeCommand(NOWHERE);
      case "diff" -> new DiffCommand(NOWHERE);
      case "merge" -> new MergeCommand(NOWHERE);
      case "identify" -> new IdentifyCommand(NOWHERE);
      case "rules" -> new RulesCommand(NOWHERE);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Returns what was given, by the description of each argument. */
  private static Map<String, Object> values(Command command) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Argument option : command.syntax().options()) {
      values.put(option.description(), value(option));
    }
    for (Syntax.Operand operand : command.syntax().operands()) {
      Argument argument = operand.argument();
      values.put(argument.description(), operand.repeated() ? argument.texts() : value(argument));
    }
    return values;
  }

  private static Object value(Argument argument) {
    return switch (argument.takes()) {
      case NOTHING, ATTACHED_TEXT -> argument.given();
      case TEXT -> argument.textOr("(none)");
      case PATH -> String.valueOf(argument.path());
    };
  }
}
