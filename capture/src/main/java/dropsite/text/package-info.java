/** Text from outside, made fit to be shown. */
@NullMarked
package dropsite.text;

import org.jspecify.annotations.NullMarked;
