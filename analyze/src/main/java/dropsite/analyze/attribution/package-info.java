/** What of a box's state explains a drop: the vocabulary of those who find out. */
@NullMarked
package dropsite.analyze.attribution;

import org.jspecify.annotations.NullMarked;
