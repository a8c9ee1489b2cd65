package dropsite.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Reads whatever a command line may be, and tells about its mistakes; prints help and version. */
public final class Picocli {
  private static final String ARGUMENTS = "{arguments}";

  private final CommandLine root;

  /**
   * @param home whose resource is the help text of the program
   * @param commands in the order of the help text; a resource beside each is its help text
   * @param help where help and version go
   */
  public Picocli(Class<?> home, List<Command> commands, PrintWriter help) {
    root = new CommandLine(program(home));
    commands.forEach(command -> root.addSubcommand(specOf(command)));
    root.setOut(help);
  }

  /**
   * Reads a command line.
   *
   * @return the command, its arguments set; null when help or the version was asked for
   * @throws CommandLine.ParameterException when it makes no sense
   */
  public @Nullable Command read(String... words) {
    // picocli 4.7.7 looks for the letters of an option after a lone dash, which is standard input.
    root.setAbbreviatedOptionsAllowed(!Arrays.asList(words).contains("-"));
    root.setOverwrittenOptionsAllowed(true);
    root.setAtFileCommentChar(null);
    root.setUsageHelpWidth(100);
    ParseResult parsed = root.parseArgs(words);
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return null;
    }
    if (!parsed.hasSubcommand()) {
      throw new CommandLine.ParameterException(root, "Missing required subcommand");
    }
    CommandSpec spec = parsed.subcommand().commandSpec();
    Command command = (Command) spec.userObject();
    for (Argument option : command.syntax().options()) {
      option.set(spec.findOption(option.names().getFirst()).getValue());
    }
    List<Syntax.Operand> operands = command.syntax().operands();
    for (int i = 0; i < operands.size(); i++) {
      operands.get(i).argument().set(spec.positionalParameters().get(i).getValue());
    }
    return command;
  }

  private static CommandSpec program(Class<?> home) {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().synopsisSubcommandLabel("COMMAND");
    return described(spec, home, Program.NAME).mixinStandardHelpOptions(true);
  }

  private static CommandSpec specOf(Command command) {
    CommandSpec spec =
        described(
            CommandSpec.wrapWithoutInspection(command),
            command.getClass(),
            command.syntax().name());
    if (command.gnuLetters()) {
      spec.addOption(flag(List.of("-h", "-H", "--help"), "print this").usageHelp(true).build());
      spec.addOption(
          flag(List.of("-v", "-V", "--version"), "print the version").versionHelp(true).build());
    } else {
      spec.mixinStandardHelpOptions(true);
    }
    command.syntax().options().forEach(option -> spec.addOption(specOf(option)));
    List<Syntax.Operand> operands = command.syntax().operands();
    for (int i = 0; i < operands.size(); i++) {
      spec.addPositional(specOf(i, operands.get(i)));
    }
    return spec;
  }

  /** Takes the help text from the resource of that name, which says where the arguments stand. */
  private static CommandSpec described(CommandSpec spec, Class<?> home, String name) {
    try (InputStream resource = home.getResourceAsStream(name + ".txt")) {
      List<String> text =
          new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      int arguments = text.indexOf(ARGUMENTS);
      spec.usageMessage()
          .description(text.subList(0, arguments).toArray(String[]::new))
          .footer(text.subList(arguments + 1, text.size()).toArray(String[]::new));
      return spec.name(name).version(Version.line());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OptionSpec specOf(Argument option) {
    OptionSpec.Builder flag = flag(option.names(), option.description());
    return switch (option.takes()) {
      case NOTHING -> flag.build();
      case TEXT, PATH -> flag.type(typeOf(option)).arity("1").paramLabel(option.label()).build();
      case ATTACHED_TEXT ->
          flag.type(String.class)
              .arity("0..1")
              .paramLabel(option.label())
              .preprocessor(new OnlyAttached())
              .build();
    };
  }

  private static OptionSpec.Builder flag(List<String> names, String description) {
    return OptionSpec.builder(names.toArray(String[]::new))
        .type(boolean.class)
        .description(description);
  }

  private static PositionalParamSpec specOf(int index, Syntax.Operand operand) {
    PositionalParamSpec.Builder spec =
        PositionalParamSpec.builder()
            .required(operand.least() > 0)
            .paramLabel(operand.argument().label())
            .description(operand.argument().description());
    if (!operand.repeated()) {
      return spec.type(typeOf(operand.argument())).index(String.valueOf(index)).arity("1").build();
    }
    return spec.type(List.class)
        .auxiliaryTypes(String.class)
        .index(index + "..*")
        .arity(operand.least() + "..*")
        .build();
  }

  private static Class<?> typeOf(Argument argument) {
    return argument.takes() == Argument.Takes.PATH ? Path.class : String.class;
  }

  /** Takes a value only when it is attached ({@code --demangle=STYLE}), as getopt does. */
  private static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      // picocli gives what stood between name and value: nothing when the value is another word.
      if ("=".equals(info.get("separator"))) {
        return false;
      }
      option.setValue("auto");
      return true;
    }
  }
}
