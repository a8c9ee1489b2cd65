/** A report as one page for a browser, complete in itself. */
@NullMarked
package dropsite.analyze.report.html;

import org.jspecify.annotations.NullMarked;
