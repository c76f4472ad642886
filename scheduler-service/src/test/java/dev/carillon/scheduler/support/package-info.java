/** What the scheduler's tests share: its surroundings, a client, and what delivery would say. */
@NullMarked
package dev.carillon.scheduler.support;

import org.jspecify.annotations.NullMarked;
