/** Text from outside, made fit to be shown, and addresses in their one spelling. */
@NullMarked
package dropsite.text;

import org.jspecify.annotations.NullMarked;
