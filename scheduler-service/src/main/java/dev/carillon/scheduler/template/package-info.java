/**
 * Templates: named texts with placeholders, in versions that never change.
 *
 * <p>Promises that what a template means is decided by its text alone; that a filled-in html or markdown has no markup and a filled-in subject no line
 * break that came with the data; and that a placeholder without data is named and never left empty. Never sends anything, and knows no message.
 */
@NullMarked
package dev.carillon.scheduler.template;

import org.jspecify.annotations.NullMarked;
