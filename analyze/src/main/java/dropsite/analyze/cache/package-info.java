/** Symbol files of kernels that were asked before, kept in the user's cache folder. */
@NullMarked
package dropsite.analyze.cache;

import org.jspecify.annotations.NullMarked;
