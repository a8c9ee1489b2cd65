/** Whether drops can be recorded on this box, by which source, and what stands in the way. */
@NullMarked
package dropsite.capture.doctor;

import org.jspecify.annotations.NullMarked;
