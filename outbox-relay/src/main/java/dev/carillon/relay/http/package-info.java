/**
 * The operator's view of the outboxes: where each stands, pause and resume, and what to do about parked events. Every action leaves an audit line.
 */
@NullMarked
package dev.carillon.relay.http;

import org.jspecify.annotations.NullMarked;
