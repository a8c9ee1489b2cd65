/**
 * What happens on the machine that drops packets: the vocabulary of recording. Rooms inside it hold
 * the probes, the facts about the host, and the file that everything is kept in.
 */
@NullMarked
package dropsite.capture;

import org.jspecify.annotations.NullMarked;
