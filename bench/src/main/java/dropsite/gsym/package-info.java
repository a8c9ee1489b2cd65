/** Benchmarks of the inner loops of this room. */
@NullMarked
package dropsite.gsym;

import org.jspecify.annotations.NullMarked;
