/**
 * The GSYM file: functions, lines and inlined calls of an image, found in place without parsing the
 * rest.
 */
@NullMarked
package dropsite.gsym;

import org.jspecify.annotations.NullMarked;
