/** DWARF 2 to 5: from a link-time address to functions, inlined chains, files and lines. */
@NullMarked
package dropsite.dwarf;

import org.jspecify.annotations.NullMarked;
