/** Stacks resolved to functions, files, lines, inlined frames and constant arguments. */
@NullMarked
package dropsite.analyze.stack;

import org.jspecify.annotations.NullMarked;
