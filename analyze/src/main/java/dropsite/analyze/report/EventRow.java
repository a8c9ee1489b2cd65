package dropsite.analyze.report;

import dropsite.analyze.input.EventFacts;

/**
 * An event in a report.
 *
 * @param id from 1, in the order of the recordings
 * @param finding id of the finding that it belongs to
 * @param facts recorded beside its stack
 */
public record EventRow(long id, String finding, EventFacts facts) {}
