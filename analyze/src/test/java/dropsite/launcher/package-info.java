/** Tests of the shell script {@code dropsite} at the root. */
@NullMarked
package dropsite.launcher;

import org.jspecify.annotations.NullMarked;
