/**
 * Drops by way of tracefs, where neither BPF nor a compiler may be used: a private instance with
 * stack traces, and an event probe that fetches the packet where the places of its members are
 * known (Documentation/trace/ftrace.rst, eventprobes.rst).
 */
@NullMarked
package dropsite.capture.tracefs;

import org.jspecify.annotations.NullMarked;
