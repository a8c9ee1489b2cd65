/** Scripts for boxes where other tools than this one do the recording. */
@NullMarked
package dropsite.capture.script;

import org.jspecify.annotations.NullMarked;
