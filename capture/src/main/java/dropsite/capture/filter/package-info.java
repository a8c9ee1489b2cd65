/**
 * Which drops to record: from the words of the command line to a filter, and from an expression of
 * pcap-filter(7) to instructions that the kernel runs for each drop, or that run here.
 */
@NullMarked
package dropsite.capture.filter;

import org.jspecify.annotations.NullMarked;
