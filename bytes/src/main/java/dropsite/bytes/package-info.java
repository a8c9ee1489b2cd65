/**
 * Bounds-checked reading of binary files: every byte of ELF, DWARF and GSYM passes through the
 * cursor here.
 */
@NullMarked
package dropsite.bytes;

import org.jspecify.annotations.NullMarked;
