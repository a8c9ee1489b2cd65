/**
 * Takes out of a recording what tells whose it is: addresses, names and payload are replaced, so
 * that what follows from them stays as it was.
 */
@NullMarked
package dropsite.capture.redact;

import org.jspecify.annotations.NullMarked;
