package dropsite.cli;

import dropsite.analyze.report.Narrowing;
import dropsite.analyze.report.TimeSpan;
import dropsite.analyze.report.TimeSpan.Moment;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.CommandFailure;
import dropsite.command.Quantity;
import dropsite.command.Syntax;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options that say what a report is to tell of. */
final class NarrowingOptions {
  private static final String LIST = "LIST";
  private static final String TIME = "TIME";

  private final Argument since;
  private final Argument until;
  private final Argument comm;
  private final Argument netns;
  private final Argument host;
  private final Argument reason;
  private final Argument classes;
  private final Argument minCount;
  private final Argument noBenign;

  NarrowingOptions(Syntax syntax) {
    since =
        syntax.option(
            Takes.TEXT,
            TIME,
            "only events from then on: \"2026-11-21 20:00:00\" (UTC, as reports have it),"
                + " 2026-11-21T22:00+02:00, or +30s after the first event of each box",
            "--since");
    until = syntax.option(Takes.TEXT, TIME, "only events before then", "--until");
    comm =
        syntax.option(
            Takes.TEXT,
            LIST,
            "only events while tasks of these names ran; names in lists stand between commas, and"
                + " may begin or end with *",
            "--comm");
    netns =
        syntax.option(
            Takes.TEXT, LIST, "only these network namespaces, by name or inode number", "--netns");
    host =
        syntax.option(
            Takes.TEXT,
            LIST,
            "only boxes of these names, as the report shows them: host names, or boot-1a2b3c4d for"
                + " one without",
            "--host");
    reason =
        syntax.option(Takes.TEXT, LIST, "only these drop reasons, by name or number", "--reason");
    classes =
        syntax.option(
            Takes.TEXT,
            LIST,
            "only these classes of drops and those below them, such as netfilter",
            "--class");
    minCount =
        syntax.option(Takes.TEXT, "N", "only findings of at least so many events", "--min-count");
    noBenign = syntax.flag("leave out findings that are no loss; how many, is said", "--no-benign");
  }

  /**
   * Returns what was asked for.
   *
   * @throws CommandFailure when something cannot be understood
   */
  Narrowing narrowing() {
    return new Narrowing(
        new TimeSpan(moment("--since", since.text()), moment("--until", until.text())),
        list(comm),
        list(netns),
        list(host),
        list(reason),
        list(classes),
        minCount.given() ? Quantity.count("--min-count", minCount.textOr("")) : 0,
        noBenign.given());
  }

  private static List<String> list(Argument argument) {
    return Arrays.stream(argument.textOr("").split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static @Nullable Moment moment(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.startsWith("+")) {
      return new Moment(Quantity.nanos(option, text.substring(1)), true);
    }
    try {
      return new Moment(ChronoUnit.NANOS.between(Instant.EPOCH, instant(text)), false);
    } catch (DateTimeException | ArithmeticException e) {
      throw CommandFailure.wrongUsage(
          option
              + ": expected a time such as 2026-11-21T20:00:00Z, \"2026-11-21 20:00\" or +30s,"
              + " found \""
              + text
              + "\"");
    }
  }

  /**
   * A time without an offset is UTC, as reports print it, and a day without a time its beginning.
   */
  static Instant instant(String text) {
    String time = text.strip().replaceFirst(" *UTC$", "Z").replaceFirst(" +", "T").replace(" ", "");
    TemporalAccessor parsed =
        time.indexOf('T') < 0
            ? LocalDate.parse(time).atStartOfDay()
            : DateTimeFormatter.ISO_DATE_TIME.parseBest(
                time, OffsetDateTime::from, LocalDateTime::from);
    return parsed instanceof OffsetDateTime known
        ? known.toInstant()
        : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
  }
}
