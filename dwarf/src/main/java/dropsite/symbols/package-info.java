/**
 * What any symbol source answers: symbols, source frames and constant arguments, whatever file
 * format they came from.
 */
@NullMarked
package dropsite.symbols;

import org.jspecify.annotations.NullMarked;
