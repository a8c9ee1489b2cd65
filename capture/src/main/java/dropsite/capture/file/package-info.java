/**
 * The file that a recording is kept in, written and read: pcapng, as docs/capture-format.md
 * specifies it.
 */
@NullMarked
package dropsite.capture.file;

import org.jspecify.annotations.NullMarked;
