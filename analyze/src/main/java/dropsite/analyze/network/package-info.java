/**
 * What of a box's network explains a drop: routes, policy rules, settings, neighbours, queues,
 * filters, devices and counters, as the snapshots before and after a recording hold them.
 */
@NullMarked
package dropsite.analyze.network;

import org.jspecify.annotations.NullMarked;
