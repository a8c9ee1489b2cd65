package dropsite.cli;

import dropsite.bytes.MalformedInputException;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * GNU addr2line of binutils 2.40: its options, its output, and its manners on a pipe.
 *
 * <p>Where binutils reads DWARF wrongly the answers differ; docs/verification-faddr2line.md lists
 * how.
 */
final class Addr2LineCommand implements Command {
  private final Streams streams;

  private final Syntax syntax = new Syntax("addr2line");

  private final Argument file =
      syntax.option(Takes.TEXT, "FILE", "the file to read; default: a.out", "-e", "--exe");
  private final Argument addresses =
      syntax.flag("print the address before its frames", "-a", "--addresses");
  private final Argument functions =
      syntax.flag("print the names of functions", "-f", "--functions");
  private final Argument inlines =
      syntax.flag("print all functions that the code was inlined into", "-i", "--inlines");
  private final Argument pretty = syntax.flag("print one line a frame", "-p", "--pretty-print");
  private final Argument baseNames = syntax.flag("leave out directories", "-s", "--basenames");
  private final Argument demangle = syntax.flag("print Rust names as in the source", "-C");
  private final Argument demangleStyle =
      syntax.option(
          Takes.ATTACHED_TEXT,
          "STYLE",
          "the same; a style may follow the equals sign and changes nothing",
          "--demangle");
  private final Argument section =
      syntax.option(
          Takes.TEXT, "SECTION", "addresses are offsets into this section", "-j", "--section");
  private final Argument asJson = syntax.flag("print one JSON object per address", "--json");
  private final CacheOptions cache = new CacheOptions(syntax);
  private final Argument questions =
      syntax.operands(0, "ADDR", "what to look up; default: standard input");

  {
    syntax.option(
        Takes.TEXT,
        "BFDNAME",
        "accepted and not needed: the file itself says what it is",
        "-b",
        "--target");
    syntax.flag(
        "accepted and not needed: demangling is always limited",
        "-r",
        "-R",
        "--recurse-limit",
        "--recursion-limit",
        "--no-recurse-limit",
        "--no-recursion-limit");
  }

  Addr2LineCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public boolean gnuLetters() {
    return true;
  }

  @Override
  public int run() throws IOException {
    UnaryOperator<String> names =
        demangle.given() || demangleStyle.given() ? RustName::demangle : UnaryOperator.identity();
    GnuFormat format =
        new GnuFormat(
            addresses.given(),
            functions.given(),
            inlines.given(),
            pretty.given(),
            baseNames.given(),
            names);
    try (OpenFile open = OpenFile.of(file.textOr("a.out"), cache.cache(streams))) {
      AddressSpace space = AddressSpace.of(open, section.text());
      List<String> words = questions.texts();
      AnswerSheets sheets = new AnswerSheets(format, space.digits(), asJson.given());
      if (words.isEmpty()) {
        answerAsTheyCome(space, sheets, new AnswerSheets(format, space.digits(), asJson.given()));
      } else {
        try {
          sheets.answer(Lines.of(words), space);
          sheets.print(streams.out());
        } catch (MalformedInputException e) {
          answerUntilDamage(Lines.of(words), space, sheets);
          throw e;
        }
      }
    }
    cache.keepIfAsked(streams, Path.of(file.textOr("a.out")));
    return ExitCode.OK;
  }

  /**
   * Answers what has arrived; while more is waiting, it is looked up during the printing.
   *
   * @param first and {@code second} are written in turn
   */
  private void answerAsTheyCome(AddressSpace space, AnswerSheets first, AnswerSheets second)
      throws IOException {
    LineSource lines = new LineSource(streams.in());
    AnswerSheets next = first;
    try (Aside printing = new Aside()) {
      for (Lines batch = lines.next(); !batch.isEmpty(); batch = lines.next()) {
        AnswerSheets sheets = next;
        try {
          sheets.answer(batch, space);
        } catch (MalformedInputException e) {
          printing.await();
          answerUntilDamage(batch, space, sheets);
          throw e;
        }
        printing.await();
        Aside.Work work = () -> sheets.print(streams.out());
        if (lines.moreHasArrived()) {
          printing.start(work);
        } else {
          work.run();
        }
        next = sheets == first ? second : first;
      }
    }
  }

  /** Answers one by one what stands before the question that meets damage in the file. */
  private void answerUntilDamage(Lines batch, AddressSpace space, AnswerSheets sheets)
      throws IOException {
    for (String question : batch) {
      sheets.answer(Lines.of(List.of(question)), space);
      sheets.print(streams.out());
    }
  }
}
