/** Says what class of drop a resolved stack shows, by rules that are data. */
@NullMarked
package dropsite.analyze.classify;

import org.jspecify.annotations.NullMarked;
