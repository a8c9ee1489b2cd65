/** The command line: reads arguments, runs one command, prints results and one-line errors. */
@NullMarked
package dropsite.cli;

import org.jspecify.annotations.NullMarked;
