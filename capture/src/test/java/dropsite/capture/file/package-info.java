@NullMarked
package dropsite.capture.file;

import org.jspecify.annotations.NullMarked;
