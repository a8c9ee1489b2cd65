/**
 * Which rule or policy of a firewall dropped a packet: rulesets read, and packets walked by them.
 */
@NullMarked
package dropsite.analyze.firewall;

import org.jspecify.annotations.NullMarked;
