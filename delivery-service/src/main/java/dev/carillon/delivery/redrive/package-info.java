/**
 * Dead letters that are attempted again, many at a time: jobs that survive whoever works on them.
 *
 * <p>Guarantees that a job redrives each delivery once, never faster than its rate, and only what was dead when it began and has not expired; and that
 * at any time at most one instance works on it. Never attempts anything itself: a delivery that is redriven waits for its attempt as after a failure.
 */
@NullMarked
package dev.carillon.delivery.redrive;

import org.jspecify.annotations.NullMarked;
