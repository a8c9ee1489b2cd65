/**
 * What a command of the program is made of: its arguments, its streams, its exit code. Commands
 * live in other rooms; this one and they are the only ones that print or end the process.
 */
@NullMarked
package dropsite.command;

import org.jspecify.annotations.NullMarked;
