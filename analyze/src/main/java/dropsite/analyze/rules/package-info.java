/** Rule data: YAML read into plain values, with errors that name file and place. */
@NullMarked
package dropsite.analyze.rules;

import org.jspecify.annotations.NullMarked;
