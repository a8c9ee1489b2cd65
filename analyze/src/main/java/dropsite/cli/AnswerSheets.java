package dropsite.cli;

import dropsite.command.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a batch of questions as text: each thread writes those it finds on a sheet of its
 * own, in whatever order, and they are given out in the order of the questions.
 */
final class AnswerSheets {
  private final GnuFormat format;
  private final int digits;
  private final boolean asJson;

  private final List<Sheet> sheets = new ArrayList<>();
  private int used;

  private Lines questions = new Lines();
  private @Nullable Sheet[] sheetOf = {};
  private int[] starts = {};
  private int[] ends = {};

  /**
   * @param digits how many hexadecimal digits an address of the file has
   * @param asJson whether answers are JSON, not in the format
   */
  AnswerSheets(GnuFormat format, int digits, boolean asJson) {
    this.format = format;
    this.digits = digits;
    this.asJson = asJson;
  }

  /** Looks up the answers to questions; those to earlier ones are gone. */
  void answer(Lines asked, AddressSpace space) {
    questions = asked;
    used = 0;
    int count = asked.size();
    if (count > starts.length) {
      sheetOf = new Sheet[count];
      starts = new int[count];
      ends = new int[count];
    }
    space.answer(asked, this::next);
  }

  /** Writes the answers in the order of the questions, and hands them over. */
  void print(Output out) {
    // A thread that looks up the next batch may have something to say (Streams.say).
    synchronized (out) {
      for (int i = 0; i < questions.size(); i++) {
        Sheet sheet = sheetOf[i];
        if (sheet != null) {
          sheet.text.print(out, starts[i], ends[i]);
        }
      }
      out.flush();
    }
  }

  private synchronized AddressSpace.Receiver next() {
    if (used == sheets.size()) {
      sheets.add(new Sheet());
    }
    Sheet sheet = sheets.get(used++);
    sheet.text.reset();
    return (question, address, frames) -> {
      starts[question] = sheet.text.size();
      try {
        if (sheet.json == null) {
          format.print(sheet.out, address, digits, frames);
        } else {
          sheet
              .json
              .begin(new AddressText(questions.get(question)).text())
              .address("address", address)
              .frames(frames, UnaryOperator.identity())
              .end();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      sheet.out.flush();
      ends[question] = sheet.text.size();
      sheetOf[question] = sheet;
    };
  }

  /** What one thread writes. */
  private final class Sheet {
    final Text text = new Text();
    final Output out = new Output(text);
    final @Nullable FrameJson json;

    Sheet() {
      try {
        json = asJson ? new FrameJson(out) : null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Text that can be given out in parts. */
  private static final class Text extends ByteArrayOutputStream {
    void print(Output out, int start, int end) {
      out.write(buf, start, end - start);
    }
  }
}
