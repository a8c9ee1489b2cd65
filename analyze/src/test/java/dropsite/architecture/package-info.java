/** Tests of the code as a whole: which room may see which, and what no room may contain. */
@NullMarked
package dropsite.architecture;

import org.jspecify.annotations.NullMarked;
