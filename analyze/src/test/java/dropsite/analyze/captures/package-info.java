/** Tests on recorded drops of real kernels, of which much is known to be true. */
@NullMarked
package dropsite.analyze.captures;

import org.jspecify.annotations.NullMarked;
