/**
 * The few calls of the C library that the JDK has no equal for, and how native libraries are found.
 */
@NullMarked
package dropsite.capture.libc;

import org.jspecify.annotations.NullMarked;
