package dropsite.analyze.report;

import dropsite.analyze.stack.ResolvedStack;

/**
 * One of the stacks that led to the same finding.
 *
 * @param count of events that had it
 */
public record CountedStack(ResolvedStack stack, long count) {}
