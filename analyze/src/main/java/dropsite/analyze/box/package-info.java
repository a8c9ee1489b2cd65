/**
 * What a recording holds of the box it was made on: names, clocks, and what the box looked like.
 */
@NullMarked
package dropsite.analyze.box;

import org.jspecify.annotations.NullMarked;
