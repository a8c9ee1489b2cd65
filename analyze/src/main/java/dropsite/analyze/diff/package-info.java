/** What two reports tell differently: what appeared, vanished, or comes more or less often. */
@NullMarked
package dropsite.analyze.diff;

import org.jspecify.annotations.NullMarked;
