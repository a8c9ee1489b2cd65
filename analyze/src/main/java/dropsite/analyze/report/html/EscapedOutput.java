package dropsite.analyze.report.html;

import dropsite.text.SafeText;
import gg.jte.TemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import org.jspecify.annotations.Nullable;

/**
 * Where templates write to: every text that they insert comes out with its markup escaped, and with
 * control characters and marks of writing direction shown as such.
 */
final class EscapedOutput extends OwaspHtmlTemplateOutput {
  EscapedOutput(TemplateOutput target) {
    super(target);
  }

  @Override
  public void writeUserContent(@Nullable String text) {
    super.writeUserContent(text == null ? null : SafeText.of(text));
  }
}
