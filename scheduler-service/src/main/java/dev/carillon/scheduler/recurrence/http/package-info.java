/**
 * {@code /v1/schedules}: what clients say of recurring schedules, and what they see of them.
 */
@NullMarked
package dev.carillon.scheduler.recurrence.http;

import org.jspecify.annotations.NullMarked;
