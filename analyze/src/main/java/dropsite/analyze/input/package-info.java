/**
 * What a recording says, as it says it: stack text and JSON events become stack events. Nothing is
 * resolved here.
 */
@NullMarked
package dropsite.analyze.input;

import org.jspecify.annotations.NullMarked;
