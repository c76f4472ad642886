/** Messages to one who fails, and what may become of them by the policy: attempts, retries within their budget, and breakers that open and probe. */
@NullMarked
package dev.carillon.system.drills;

import org.jspecify.annotations.NullMarked;
