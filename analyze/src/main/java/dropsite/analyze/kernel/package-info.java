/**
 * Where addresses live: the kernel image and its modules, checked to be the right build, and the
 * slide between link-time and run-time addresses.
 */
@NullMarked
package dropsite.analyze.kernel;

import org.jspecify.annotations.NullMarked;
