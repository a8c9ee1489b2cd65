/**
 * The sidecar of a symbol file: what GSYM has no place for, so that answers from both equal those
 * of the debugging information they were made from.
 */
@NullMarked
package dropsite.facts;

import org.jspecify.annotations.NullMarked;
