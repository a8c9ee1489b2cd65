/** The commands that run on the box: {@code capture} and {@code doctor}. */
@NullMarked
package dropsite.capture.cli;

import org.jspecify.annotations.NullMarked;
