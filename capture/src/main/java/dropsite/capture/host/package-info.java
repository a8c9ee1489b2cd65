/** Facts about the box that a laptop needs to understand its drops, and how they are gathered. */
@NullMarked
package dropsite.capture.host;

import org.jspecify.annotations.NullMarked;
