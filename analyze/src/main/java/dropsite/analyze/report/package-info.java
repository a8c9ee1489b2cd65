/** What is told to people and programs: a pure model, and its faces as text and JSON. */
@NullMarked
package dropsite.analyze.report;

import org.jspecify.annotations.NullMarked;
