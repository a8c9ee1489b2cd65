/** One analysis, from recordings to the report. */
@NullMarked
package dropsite.analyze.session;

import org.jspecify.annotations.NullMarked;
