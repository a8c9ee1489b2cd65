/** Large recordings, to measure reading and reporting with. */
@NullMarked
package dropsite.capture.file;

import org.jspecify.annotations.NullMarked;
