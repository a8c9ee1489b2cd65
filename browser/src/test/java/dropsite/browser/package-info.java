/** The HTML report in a real browser, as a person uses it. */
@NullMarked
package dropsite.browser;

import org.jspecify.annotations.NullMarked;
