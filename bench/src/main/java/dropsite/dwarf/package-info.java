/** Benchmarks of the inner loops of this room. */
@NullMarked
package dropsite.dwarf;

import org.jspecify.annotations.NullMarked;
