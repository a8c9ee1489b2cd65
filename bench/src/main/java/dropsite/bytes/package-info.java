/** Benchmarks of the inner loops of this room. */
@NullMarked
package dropsite.bytes;

import org.jspecify.annotations.NullMarked;
