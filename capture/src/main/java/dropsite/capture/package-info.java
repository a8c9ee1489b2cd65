/**
 * What happens on the machine that drops packets: recording events, and the file they are kept in.
 */
@NullMarked
package dropsite.capture;

import org.jspecify.annotations.NullMarked;
