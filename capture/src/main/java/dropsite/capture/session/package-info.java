/** One recording from its start to its end: what the probe sees goes into the file. */
@NullMarked
package dropsite.capture.session;

import org.jspecify.annotations.NullMarked;
