package dropsite.analyze.report.html;

import dropsite.analyze.report.Report;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateException;
import gg.jte.output.WriterOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Writes a report as one HTML file that opens from disk, loads nothing, and is read without scripts
 * as well. Its size is bounded: what there is no room for is counted.
 */
public final class HtmlReport {
  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, null, HtmlReport.class.getPackageName());

  /** Writes a report as UTF-8; the output stays open. */
  public void write(OutputStream output, Report report) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8));
    try {
      templates.render("report.jte", Page.of(report), new EscapedOutput(new WriterOutput(writer)));
    } catch (TemplateException e) {
      // What the output itself has to say, such as that the disk is full, is no fault of a
      // template.
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    writer.flush();
  }
}
