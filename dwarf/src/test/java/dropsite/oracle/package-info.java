/**
 * Differential tests against other symbolizers on whole distribution kernels: draw addresses, ask
 * the oracles, ask ours, compare complete chains. See docs/verification.md.
 */
@NullMarked
package dropsite.oracle;

import org.jspecify.annotations.NullMarked;
